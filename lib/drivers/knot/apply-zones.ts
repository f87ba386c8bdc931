/**
 * How zones get into Knot. Whole zone files and `zone-reload`, not record transactions: for a zone of ordinary size both are served within a
 * millisecond, a file needs no journal that could disagree with it, a serial may go backwards, and the file is there after `kill -9`. (A zone of
 * 100,000 records takes about 0.1 s that way, 0.03 s as a transaction.) Knot swaps a reloaded zone in one step: it is served without a gap.
 *
 *     known to Knot?  yes ─► write file ─► zone-reload, which waits ─┬─► accepted
 *                     no  ─► write file ─► conf-set … conf-commit ───┤   (loads in the background; see control-zones.ts)
 *     wanted gone?    ─────► conf-unset … conf-commit ─► remove file  └─► refused: the file before is put back, a new zone is taken out again
 */
import type { ZoneOutcome, ZoneWork } from "@/lib/drivers/driver";
import type { ControlSession } from "@/lib/drivers/knot/control-socket";
import { addZones, type Refusals, reloadZones, removeZones, servedSerials } from "@/lib/drivers/knot/control-zones";
import { inParallel } from "@/lib/drivers/knot/in-parallel";
import type { ZoneLabel, ZoneStore } from "@/lib/drivers/knot/zone-store";
import { DriverError, errorMessage } from "@/lib/errors";

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

/** What Knot serves before we begin: zone → serial; `undefined` for a zone that it knows and could not load. */
type Served = ReadonlyMap<string, number | undefined>;

/** One outcome for each work item. @throws DriverError when nothing can be said of any zone */
export async function applyZones(work: readonly ZoneWork[], tools: ApplyTools): Promise<ZoneOutcome[]> {
  const { session } = tools;
  const served = await servedSerials(session, work.map(nameOf));
  const gone = work.filter(({ desired }) => desired === null).map(nameOf);
  const due = await dueOf(work, served, tools.store);
  const [known, fresh] = [true, false].map((is) =>
    due.map(({ work }) => work.name).filter((it) => served.has(it) === is),
  );

  await writeFiles(due, served, tools);
  const refusals: Refusals = new Map([
    ...(await reloadZones(session, known ?? [])),
    ...(await addZones(session, fresh ?? [])),
  ]);
  // A refused zone that was not served before must not stay behind as one that fails.
  const unserved = [...refusals.keys()].filter((name) => served.get(name) === undefined);
  const leaving = [...gone.filter((name) => served.has(name)), ...unserved];
  for (const [name, refusal] of await removeZones(session, leaving))
    if (!refusals.has(name)) refusals.set(name, refusal);
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
