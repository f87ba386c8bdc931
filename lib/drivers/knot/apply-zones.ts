/**
 * How zones get into Knot. Whole zone files and `zone-reload`, not record transactions: for a zone of ordinary size both are served within a
 * millisecond, a file needs no journal that could disagree with it, a serial may go backwards, and the file is there after `kill -9`. (A zone of
 * 100,000 records takes about 0.1 s that way, 0.03 s as a transaction.) Knot swaps a reloaded zone in one step: it is served without a gap.
 *
 *     known to Knot?  yes ─► write file ─► zone-reload, which waits ─┬─► accepted
 *                     no  ─► write file ─► conf-set … conf-commit ───┤   (loads in the background; see `awaitLoaded`)
 *     wanted gone?    ─────► conf-unset … conf-commit ─► remove file  └─► refused: the file before is put back, a new zone is taken out again
 */
import type { ZoneOutcome, ZoneWork } from "@/lib/drivers/driver";
import type { ControlReply, ControlSession } from "@/lib/drivers/knot/control-socket";
import { inParallel } from "@/lib/drivers/knot/in-parallel";
import { zonePath } from "@/lib/drivers/knot/zone-path";
import type { ZoneLabel, ZoneStore } from "@/lib/drivers/knot/zone-store";
import { DriverError, errorMessage } from "@/lib/errors";

/** What Knot says of zones that it does not have; error messages are Knot's only form. */
const NO_SUCH_ZONE = "no such zone found";

export interface ApplyTools {
  readonly session: ControlSession;
  readonly store: ZoneStore;
  /** Why Knot refused zones, where the log says it: zone → reason. */
  readonly reasons: (zones: readonly string[]) => ReadonlyMap<string, string>;
  /** For errors. */
  readonly subject: string;
}

interface Wanted {
  readonly work: ZoneWork;
  readonly text: string;
  readonly label: ZoneLabel;
}

/** Zone → Knot's words. */
type Refusals = Map<string, string>;

/** What Knot serves before we begin: zone → serial; `undefined` for a zone that it knows and could not load. */
type Served = ReadonlyMap<string, number | undefined>;

/** One outcome for each work item. @throws DriverError when nothing can be said of any zone */
export async function applyZones(work: readonly ZoneWork[], tools: ApplyTools): Promise<ZoneOutcome[]> {
  const served = await servedSerials(tools.session, work.map(nameOf));
  const gone = work.filter(({ desired }) => desired === null).map(nameOf);
  const due = await dueOf(work, served, tools.store);
  const [known, fresh] = [true, false].map((is) =>
    due.map(({ work }) => work.name).filter((it) => served.has(it) === is),
  );

  await writeFiles(due, served, tools);
  const refusals: Refusals = new Map([...(await reload(known ?? [], tools)), ...(await add(fresh ?? [], tools))]);
  // A refused zone that was not served before must not stay behind as one that fails.
  const unserved = [...refusals.keys()].filter((name) => served.get(name) === undefined);
  const leaving = [...gone.filter((name) => served.has(name)), ...unserved];
  for (const [name, refusal] of await removeZones(leaving, tools)) if (!refusals.has(name)) refusals.set(name, refusal);
  await settleFiles(work, served, refusals, tools.store);
  return outcomesOf(work, refusals, tools);
}

const nameOf = ({ name }: ZoneWork) => name;

function outcomesOf(work: readonly ZoneWork[], refusals: Refusals, { reasons, subject }: ApplyTools): ZoneOutcome[] {
  const why = refusals.size > 0 ? reasons([...refusals.keys()]) : undefined;
  return work.map(({ name, seq }) => {
    const refusal = refusals.get(name);
    if (refusal === undefined) return { name, seq, status: "accepted" };
    const message = `Knot refuses the zone: ${why?.get(name) ?? refusal}`;
    return { name, seq, status: "failed", error: new DriverError("rejected", subject, "apply", message) };
  });
}

function wantedOf(work: ZoneWork): Wanted | undefined {
  if (work.desired === null) return undefined;
  const { text, serial, digest, updatedAt } = work.desired;
  return { work, text, label: { serial, digest, updatedAt } };
}

/**
 * The serials that Knot serves: absent for a zone it does not know, `undefined` for one that it knows and could not load.
 * Its names are not read: Knot spells escapes its own way, but it answers in the order of the questions.
 */
export async function servedSerials(
  session: ControlSession,
  zones: readonly string[],
): Promise<Map<string, number | undefined>> {
  const served = new Map<string, number | undefined>();
  const replies = await Promise.all(
    zones.map((zone) => session.request({ command: "zone-status", zone, filters: "s" })),
  );
  replies.forEach(({ units: [unit], errors }, index) => {
    const zone = zones[index] ?? "";
    if (unit) served.set(zone, unit.data === "-" ? undefined : Number(unit.data));
    else if (errors[0] && errors[0].message !== NO_SUCH_ZONE) served.set(zone, undefined);
  });
  return served;
}

/** What there is to write: all that is wanted and not there yet. */
async function dueOf(work: readonly ZoneWork[], served: Served, store: ZoneStore): Promise<Wanted[]> {
  const wanted = work.flatMap((item) => wantedOf(item) ?? []);
  const there = new Set<Wanted>();
  await inParallel(wanted, async (item) => {
    if (await isThere(item, served, store)) there.add(item);
  });
  return wanted.filter((item) => !there.has(item));
}

/** Whether all there is to do was done: acknowledged as it is wanted, still served so, and the file says so as well. */
async function isThere({ work, label }: Wanted, served: Served, store: ZoneStore): Promise<boolean> {
  const { previous, name } = work;
  if (served.get(name) !== label.serial) return false;
  if (previous?.serial !== label.serial || previous.digest !== label.digest) return false;
  const file = await store.label(name);
  return file?.serial === label.serial && file.digest === label.digest;
}

async function writeFiles(due: readonly Wanted[], served: Served, { store, subject }: ApplyTools): Promise<void> {
  try {
    await inParallel(due, ({ work: { name }, text, label }) =>
      store.write(name, text, label, served.get(name) !== undefined),
    );
  } catch (error) {
    // A full disk or a lost directory says nothing of the zone: the whole target waits.
    const message = `A zone file cannot be written (${errorMessage(error)}). Check the data directory and its free space.`;
    throw new DriverError("unreachable", subject, "write zone files", message, { cause: error });
  }
}

/** Ends what `writeFiles` began: files of refused zones are taken back, those of zones that are gone removed. */
async function settleFiles(
  work: readonly ZoneWork[],
  served: Served,
  refusals: Refusals,
  store: ZoneStore,
): Promise<void> {
  await inParallel(work, async ({ name, desired }) => {
    if (refusals.has(name)) await (desired && store.restore(name));
    else if (!desired) await store.remove(name);
    else if (served.get(name) !== undefined) await store.settle(name);
  });
}

/** Loads files of zones that Knot knows. Waits for each, as that is the only way to learn whether Knot took it. */
async function reload(zones: readonly string[], { session }: ApplyTools): Promise<Refusals> {
  const replies = await Promise.all(zones.map((zone) => session.request({ command: "zone-reload", flags: "B", zone })));
  return refusalsOf(zones, replies);
}

function refusalsOf(zones: readonly string[], replies: readonly ControlReply[]): Refusals {
  const refusals: Refusals = new Map();
  replies.forEach(({ errors: [error] }, index) => {
    if (error) refusals.set(zones[index] ?? "", error.message);
  });
  return refusals;
}

/** Makes zones known to Knot in one configuration transaction and waits until they are loaded. */
async function add(zones: readonly string[], tools: ApplyTools): Promise<Refusals> {
  if (zones.length === 0) return new Map();
  const { session } = tools;
  await begin(session);
  const replies = await Promise.all(
    zones.map(async (zone) => {
      const { file, isTemplate } = zonePath(zone);
      const added = session.request({ command: "conf-set", section: "zone", item: "domain", data: zone });
      if (!isTemplate)
        await session.request({ command: "conf-set", section: "zone", id: zone, item: "file", data: file });
      return added;
    }),
  );
  const refusals = refusalsOf(zones, replies);
  await session.command({ command: "conf-commit" });
  const added = zones.filter((zone) => !refusals.has(zone));
  return new Map([...refusals, ...(await awaitLoaded(added, tools))]);
}

/**
 * Knot loads new zones in the background, about in order, and does not say when it is done. So: wait for the last one with a reload that blocks, ask
 * which have no serial yet, and reload just those, blocking: each either loads or says why not.
 */
async function awaitLoaded(zones: readonly string[], tools: ApplyTools): Promise<Refusals> {
  const last = zones.at(-1);
  if (last === undefined) return new Map();
  await reload([last], tools);
  const served = await servedSerials(tools.session, zones);
  return reload(
    zones.filter((zone) => served.get(zone) === undefined),
    tools,
  );
}

/** Takes zones out of Knot. */
async function removeZones(zones: readonly string[], { session }: ApplyTools): Promise<Refusals> {
  if (zones.length === 0) return new Map();
  await begin(session);
  const replies = await Promise.all(
    zones.map((zone) => session.request({ command: "conf-unset", section: "zone", item: "domain", data: zone })),
  );
  await session.command({ command: "conf-commit" });
  return refusalsOf(zones, replies);
}

/** Begins a configuration transaction; one that a cancelled or broken session left open is dropped first. */
async function begin(session: ControlSession): Promise<void> {
  const { errors } = await session.request({ command: "conf-begin" });
  if (errors.length === 0) return;
  await session.command({ command: "conf-abort" });
  await session.command({ command: "conf-begin" });
}
