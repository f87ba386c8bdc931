/** Zones as Knot knows them, over its control socket. */
import { setImmediate } from "node:timers/promises";
import type { ControlUnit } from "@/lib/drivers/knot/control-codec";
import type { ControlReply, ControlSession } from "@/lib/drivers/knot/control-socket";
import { zonePath } from "@/lib/drivers/knot/zone-path";
import { DriverError } from "@/lib/errors";

/** What Knot says of zones that it does not have; error messages are Knot's only form. */
const NO_SUCH_ZONE = "no such zone found";
/** Nor is there another for a full disk. */
const NO_SPACE = "not enough space";
/** Requests that are sent between two turns of the event loop: a millisecond's work. */
const REQUESTS_A_TURN = 100;

/** Zone → Knot's words for refusing it. */
export type Refusals = Map<string, string>;

/**
 * The serials that Knot serves: absent for a zone it does not know, `undefined` for one that it knows and could not load.
 * Its names are not read: Knot spells escapes its own way, but it answers in the order of the questions.
 */
export async function servedSerials(
  session: ControlSession,
  zones: readonly string[],
): Promise<Map<string, number | undefined>> {
  const served = new Map<string, number | undefined>();
  const replies = await requestAll(
    session,
    zones.map((zone) => ({ command: "zone-status", zone, filters: "s" })),
  );
  replies.forEach(({ units: [unit], errors }, index) => {
    const zone = zones[index] ?? "";
    if (unit) served.set(zone, unit.data === "-" ? undefined : Number(unit.data));
    else if (errors[0] && errors[0].message !== NO_SUCH_ZONE) served.set(zone, undefined);
  });
  return served;
}

/** Loads files of zones that Knot knows. Waits for each, as that is the only way to learn whether Knot took it. */
export async function reloadZones(session: ControlSession, zones: readonly string[]): Promise<Refusals> {
  const replies = await requestAll(
    session,
    zones.map((zone) => ({ command: "zone-reload", flags: "B", zone })),
  );
  return refusalsOf(zones, replies);
}

/**
 * Loads files that are newer than what Knot serves, as changes: the difference goes into the journal.
 * @param wanted zone → the serial of its file
 * @returns the zones that Knot did not take
 */
export async function changeZones(session: ControlSession, wanted: ReadonlyMap<string, number>): Promise<string[]> {
  const zones = [...wanted.keys()];
  // Sent together: each zone is asked about right after its own reload. A reload that finds its serial in the journal, as serials may come round,
  // applies what followed it there, and one whose journal cannot be read keeps what it has; Knot 3.2 calls both a success.
  const [refusals, served] = await Promise.all([reloadZones(session, zones), servedSerials(session, zones)]);
  return zones.filter((zone) => refusals.has(zone) || served.get(zone) !== wanted.get(zone));
}

/**
 * Loads files that Knot does not take as a change of what it serves: older serials, the same serial with other content, more than a journal has room for.
 * Their history begins anew. Knot serves the old content until it serves the new one.
 */
export async function replaceZones(session: ControlSession, zones: readonly string[]): Promise<Refusals> {
  const kept = await dropJournals(session, zones);
  const free = zones.filter((zone) => !kept.has(zone));
  if (free.length === 0) return kept;
  const setting = { section: "zone", item: "zonefile-load" } as const;
  await configure(
    session,
    free.map((zone) => ({ ...setting, command: "conf-set", id: zone, data: "whole" })),
  );
  const refusals = await reloadZones(session, free);
  await configure(
    session,
    free.map((zone) => ({ ...setting, command: "conf-unset", id: zone })),
  );
  return new Map([...kept, ...refusals]);
}

/**
 * A journal that stayed behind would be applied to a later file with a serial that it knows.
 * @throws DriverError unreachable: its disk is full, as emptying it takes some room too. That says nothing of the zone: the whole target waits.
 */
async function dropJournals(session: ControlSession, zones: readonly string[]): Promise<Refusals> {
  const replies = await requestAll(
    session,
    zones.map((zone) => ({ command: "zone-purge", flags: "F", filters: "j", zone })),
  );
  const refusals = refusalsOf(zones, replies);
  const full = [...refusals.values()].find((refusal) => refusal.includes(NO_SPACE));
  if (full === undefined) return refusals;
  const message = `Knot cannot empty a journal (${full}). Check the data directory and its free space.`;
  throw new DriverError("unreachable", "local nameserver", "drop journals", message);
}

function refusalsOf(zones: readonly string[], replies: readonly ControlReply[]): Refusals {
  const refusals: Refusals = new Map();
  replies.forEach(({ errors: [error] }, index) => {
    if (error) refusals.set(zones[index] ?? "", error.message);
  });
  return refusals;
}

/** Makes zones known to Knot in one configuration transaction and waits until they are loaded. */
export async function addZones(session: ControlSession, zones: readonly string[]): Promise<Refusals> {
  if (zones.length === 0) return new Map();
  const named = zones.filter((zone) => !zonePath(zone).isTemplate);
  const replies = await configure(session, [
    ...zones.map((zone) => ({ command: "conf-set", section: "zone", item: "domain", data: zone })),
    ...named.map((zone) => ({
      command: "conf-set",
      section: "zone",
      id: zone,
      item: "file",
      data: zonePath(zone).file,
    })),
  ]);
  const refusals = refusalsOf(zones, replies.slice(0, zones.length));
  const added = zones.filter((zone) => !refusals.has(zone));
  return new Map([...refusals, ...(await awaitLoaded(session, added))]);
}

/**
 * Knot loads new zones in the background, about in order, and does not say when it is done. So: wait for the last one with a reload that blocks, ask
 * which have no serial yet, and reload just those, blocking: each either loads or says why not.
 */
async function awaitLoaded(session: ControlSession, zones: readonly string[]): Promise<Refusals> {
  const last = zones.at(-1);
  if (last === undefined) return new Map();
  await reloadZones(session, [last]);
  const served = await servedSerials(session, zones);
  return reloadZones(
    session,
    zones.filter((zone) => served.get(zone) === undefined),
  );
}

/** Takes zones out of Knot, and their journals with them: Knot would keep those for a zone of the same name. */
export async function removeZones(session: ControlSession, zones: readonly string[]): Promise<Refusals> {
  const kept = await dropJournals(session, zones);
  const free = zones.filter((zone) => !kept.has(zone));
  if (free.length === 0) return kept;
  const replies = await configure(
    session,
    free.map((zone) => ({ command: "conf-unset", section: "zone", item: "domain", data: zone })),
  );
  return new Map([...kept, ...refusalsOf(free, replies)]);
}

/** One configuration transaction. @returns a reply for each request */
async function configure(session: ControlSession, requests: readonly ControlUnit[]): Promise<ControlReply[]> {
  await begin(session);
  const replies = await requestAll(session, requests);
  await session.command({ command: "conf-commit" });
  return replies;
}

/** Sends many requests without waiting for each reply, and lets the event loop have its turn among them. */
async function requestAll(session: ControlSession, requests: readonly ControlUnit[]): Promise<ControlReply[]> {
  const replies: Promise<ControlReply>[] = [];
  for (const request of requests) {
    const reply = session.request(request);
    // Awaited below; until then a broken connection must not count as an error that nobody handles.
    reply.catch(() => undefined);
    if (replies.push(reply) % REQUESTS_A_TURN === 0) await setImmediate();
  }
  return Promise.all(replies);
}

/** Begins a configuration transaction; one that a cancelled or broken session left open is dropped first. */
async function begin(session: ControlSession): Promise<void> {
  const { errors } = await session.request({ command: "conf-begin" });
  if (errors.length === 0) return;
  await session.command({ command: "conf-abort" });
  await session.command({ command: "conf-begin" });
}
