import { digestZone } from "@/lib/dns/digest";
import { soaOf } from "@/lib/dns/zone-build";
import { parseZoneFile } from "@/lib/dns/zone-file";
import type { Driver, ReplacedCopy, ZoneOutcome, ZoneWork } from "@/lib/drivers/driver";
import { DriverError, type DriverErrorKind, errorMessage } from "@/lib/errors";
import { type Cursor, fold, hasBacklog, passBacklog, passLive } from "./cursor";
import { FAILURE_POLICY, retryDelay } from "./policy";
import {
  type AcceptedZone,
  type DueZone,
  LeaseLost,
  type SetAsideZone,
  type StepRecord,
  type SyncPorts,
  type TargetState,
} from "./ports";

/**
 * One step towards what is wanted at one target: take what is due, apply it, store what became of it. Level-triggered: the step asks the state, not a
 * queue, so a crash between any two lines is answered by doing the step again.
 *
 *     live changes ─┐
 *     retries due ──┼─► drop what needs no sending ─► driver.apply ─► acknowledge | set aside, move the cursor
 *     backlog ──────┘                                  └─ throws: the whole target waits, the cursor stays
 *
 * A target that answers otherwise gets less and less at a time, until one zone fails alone: that one is set aside, unless too many do (lone-failures.ts).
 */

export interface StepResult {
  /** Call again at once: there may be more. */
  readonly hasMore: boolean;
  /** Names of the zones that were sent. */
  readonly sent: readonly string[];
  /** It said of a zone what became of it: what failed before is over. */
  readonly isAnswered: boolean;
  /** The target as a whole failed; it waits until `retryAt`. `isZones`: it answers otherwise, so one of the zones sent is taken to be the trouble. */
  readonly failure: { readonly error: DriverError; readonly retryAt: number; readonly isZones: boolean } | null;
}

interface Claim {
  readonly due: readonly DueZone[];
  /** Those of them whose row says that they are to be tried again. */
  readonly retried: ReadonlySet<number>;
  /** The cursor once everything in `due` is dealt with. */
  readonly cursor: Cursor;
  readonly hasMore: boolean;
}

const NONE: ReadonlySet<number> = new Set();

/** Records whose texts stand in memory at a time: some tens of megabytes. A larger zone goes alone. */
const MAX_RECORDS = 200_000;

/** As many zones from the start as fit beside what is in the step already; the first of a step always does. */
function fitting(zones: readonly DueZone[], due: ReadonlyMap<number, DueZone>): readonly DueZone[] {
  let records = 0;
  for (const zone of due.values()) records += zone.recordCount;
  const end = zones.findIndex((zone, index) => {
    records += zone.recordCount;
    return records > MAX_RECORDS && (index > 0 || due.size > 0);
  });
  return end < 0 ? zones : zones.slice(0, end);
}

async function claim(ports: SyncPorts, target: TargetState, limit: number): Promise<Claim> {
  const { store } = ports;
  let cursor = target.cursor;
  let live: readonly DueZone[] = await store.live(target, cursor.seen, limit + 1);
  if (live.length > limit) {
    cursor = fold(cursor, await store.head());
    live = [];
  }
  const due = new Map<number, DueZone>();
  const first = fitting(live, due);
  for (const zone of first) due.set(zone.zoneId, zone);
  const last = first.at(-1);
  if (last) cursor = passLive(cursor, last.seq);
  if (first.length < live.length) return { due: first, retried: NONE, cursor, hasMore: true };
  const retries = due.size < limit ? await store.retries(target, ports.now(), limit - due.size) : [];
  const [suspect] = retries.filter(isSuspect);
  // Where it is not known whether zones or the target are the trouble, one that did not fail yet tells more.
  const isFresherFirst = ports.lone.isSuspecting(target.id) && hasBacklog(cursor);
  // Alone, and after everything that is live: it must not take other zones down with it again.
  if (suspect && due.size === 0 && !isFresherFirst)
    return { due: [decided(suspect)], retried: new Set([suspect.zoneId]), cursor, hasMore: true };
  const again = retries.filter((zone) => !isSuspect(zone));
  const retried = new Set<number>();
  for (const zone of fitting(again, due)) {
    due.set(zone.zoneId, decided(zone));
    retried.add(zone.zoneId);
  }
  let hasMore = due.size >= limit || suspect !== undefined;
  if (hasBacklog(cursor)) {
    const room = Math.max(limit - due.size, 0);
    const backlog = room > 0 ? await store.backlog(target, cursor.floor, cursor.backlog, room) : [];
    const next = fitting(backlog, due);
    for (const zone of next) if (!due.has(zone.zoneId)) due.set(zone.zoneId, zone);
    const isAll = next.length === backlog.length && backlog.length < room;
    const lowest = next.at(-1);
    if (isAll || lowest) cursor = passBacklog(cursor, isAll ? null : (lowest?.seq ?? null));
    hasMore ||= hasBacklog(cursor);
  }
  return { due: [...due.values()], retried, cursor, hasMore };
}

/** That this very change is to be sent was decided before, or asked for: then it plays no part any more where it came from. */
function decided(zone: DueZone): DueZone {
  const originMemberId = zone.failedSeq === zone.seq ? null : zone.originMemberId;
  return { ...zone, failedSeq: null, originMemberId };
}

/** A zone with which the target failed as a whole: too large for it, or something in it that breaks it. */
function isSuspect({ failedKind }: DueZone): boolean {
  return failedKind !== null && FAILURE_POLICY[failedKind].scope === "target";
}

/**
 * What can be acknowledged without sending; "send" otherwise; "skip": acknowledged or set aside already, or none of this target's. A copy of a zone that
 * is no longer to be there stays until it is withdrawn.
 */
function triage(target: TargetState, zone: DueZone): "send" | "skip" | "acknowledge" {
  if (zone.isWithdrawn) return "send";
  if (!zone.isReached) return "skip";
  if (zone.acknowledged?.seq === zone.seq || zone.failedSeq === zone.seq) return "skip";
  const { acknowledged } = zone;
  // Never back to where it came from in the same change: loops end here. Whether the member still has it is not known once a comparison, or somebody who asked, voided
  // what it acknowledged.
  const isVoid = acknowledged !== null && acknowledged.seq === 0;
  if (target.memberId !== null && zone.originMemberId === target.memberId && !isVoid) return "acknowledge";
  // The same records under the same serial, given to another account: nothing to send.
  const isSame = acknowledged !== null && acknowledged.seq > 0 && acknowledged.serial === zone.serial;
  if (isSame && acknowledged.digest === zone.digest && !zone.isDeleted) return "acknowledge";
  // A zone that a member never got from us is not deleted there: it may be somebody else's.
  if (zone.isDeleted && !zone.wasSent && target.memberId !== null) return "acknowledge";
  return "send";
}

function workFor(zone: DueZone, text: string | undefined, previousText: string | undefined): ZoneWork | null {
  const { name, seq, serial, digest, updatedAt, acknowledged } = zone;
  if (!zone.isDeleted && text === undefined) return null;
  // What it acknowledged before proves nothing where it is found to do otherwise.
  const previous =
    acknowledged && acknowledged.digest !== "" && !zone.isForced
      ? { serial: acknowledged.serial, digest: acknowledged.digest, text: previousText }
      : null;
  return {
    name,
    seq,
    desired: text === undefined || zone.isDeleted ? null : { text, serial, digest, updatedAt },
    ...(zone.isDeleted ? { gone: { serial, digest, updatedAt } } : {}),
    ...(zone.isForced ? { again: true } : {}),
    previous,
  };
}

async function prepare(ports: SyncPorts, driver: Driver, zones: readonly DueZone[]): Promise<ZoneWork[]> {
  const wanted = zones.filter((zone) => !zone.isDeleted).map((zone) => zone.seq);
  const before = driver.capabilities.wantsPreviousText
    ? zones.flatMap((zone) => (zone.acknowledged && zone.acknowledged.seq > 0 ? [zone.acknowledged.seq] : []))
    : [];
  const texts = await ports.store.texts([...wanted, ...before]);
  return zones.flatMap((zone) => workFor(zone, texts.get(zone.seq), texts.get(zone.acknowledged?.seq ?? 0)) ?? []);
}

function setAside(
  ports: SyncPorts,
  zone: DueZone,
  kind: SetAsideZone["kind"],
  message: string,
  retryAfterMs = 0,
): SetAsideZone {
  const attempts = zone.attempts + 1;
  // The short pauses of a target that is down are not for a zone that takes it down.
  const pauses = FAILURE_POLICY[kind].scope === "zone" ? kind : "rejected";
  return {
    zone,
    kind,
    message,
    attempts,
    retryAt: ports.now() + retryDelay(pauses, attempts, ports.random(), retryAfterMs),
  };
}

/** Another copy than the one that was to go: nothing is removed, now or later. */
function notThis(zone: DueZone, message: string): SetAsideZone {
  return { zone, kind: "conflict", message, attempts: zone.attempts + 1, retryAt: null };
}

/**
 * Copies that were to go and are others by now. Targets remove what they have, whatever it is (a WHM knows no condition), so they are read right before.
 * @returns outcomes by name. @throws DriverError
 */
async function movedCopies(
  driver: Driver,
  zones: readonly DueZone[],
  signal: AbortSignal,
): Promise<Map<string, ZoneOutcome>> {
  const going = zones.filter(({ isWithdrawn }) => isWithdrawn);
  const moved = new Map<string, ZoneOutcome>();
  const { read, ownSerials } = driver.capabilities;
  if (going.length === 0 || !read.supported || ownSerials) return moved;
  const there = new Map(
    (
      await driver.fetch(
        going.map(({ name }) => name),
        signal,
      )
    ).map((copy) => [copy.name, copy]),
  );
  for (const { name, seq, serial, digest } of going) {
    const copy = there.get(name);
    if (!copy || isCopy(copy, { serial, digest })) continue;
    const message = "The copy there is another one than the one that was to be removed. It stays.";
    moved.set(name, { name, seq, status: "failed", error: new DriverError("conflict", name, "fetch", message) });
  }
  return moved;
}

function isCopy({ name, text }: { name: string; text: string }, wanted: { serial: number; digest: string }): boolean {
  const { zone } = parseZoneFile(text, { origin: name });
  const soa = zone?.rrsets.some(({ owner, type }) => owner === zone.apex && type === "SOA");
  return zone !== null && soa === true && soaOf(zone).serial === wanted.serial && digestZone(zone) === wanted.digest;
}

function unsaid({ name, seq }: DueZone): ZoneOutcome {
  const message = "The target's answer does not say what became of this zone.";
  return { name, seq, status: "failed", error: new DriverError("bad-response", name, "apply", message) };
}

async function settle(
  ports: SyncPorts,
  target: TargetState,
  zone: DueZone,
  outcome: ZoneOutcome,
): Promise<AcceptedZone | SetAsideZone | null> {
  if (outcome.status === "accepted") return { zone, notes: outcome.notes ?? [], verify: true, isSent: true };
  if (outcome.status === "failed" && zone.isWithdrawn && outcome.error.kind === "conflict")
    return notThis(zone, outcome.error.message);
  if (outcome.status === "failed")
    return setAside(ports, zone, outcome.error.kind, outcome.error.message, outcome.error.extra.retryAfterMs);
  if (target.memberId === null)
    return setAside(ports, zone, "conflict", "The nameserver says that it holds a newer copy.");
  if (zone.isWithdrawn) return notThis(zone, "The copy there is newer than the one that was to be removed. It stays.");
  const taken = await ports.takeIn(target.memberId, outcome);
  if (taken.status === "same" && !zone.isDeleted) return { zone, notes: [], verify: true, isSent: true };
  if (taken.status === "refused")
    return setAside(ports, zone, "conflict", `The member holds a newer copy, which was refused here: ${taken.message}`);
  // The zone has a newer change, which is due by itself and known to come from there.
  return null;
}

function asDriverError(error: unknown, target: TargetState): DriverError {
  if (error instanceof DriverError) return error;
  return new DriverError("bad-response", `target ${target.id}`, "apply", errorMessage(error), { cause: error });
}

/** Our own trouble, which is not to be taken for the target's. */
class NotKept extends Error {
  override readonly name = "NotKept";
}

/** Before it is replaced: a process that is killed right after the sending would have lost it. */
function keeping({ keepReplaced }: SyncPorts, { memberId }: TargetState) {
  if (!keepReplaced || memberId === null) return undefined;
  return async (copy: ReplacedCopy) => {
    try {
      await keepReplaced(memberId, copy);
    } catch (cause) {
      throw new NotKept("A copy that is to be replaced could not be kept.", { cause });
    }
  };
}

/**
 * Takes one step.
 * @param limit how many zones at most; smaller after failures of the whole target, down to one, so that a batch that is too much for it gets through
 * @throws LeaseLost; whatever the store throws. Errors of the driver are results.
 */
export async function reconcileStep(
  ports: SyncPorts,
  target: TargetState,
  driver: Driver,
  signal: AbortSignal,
): Promise<StepResult> {
  const isAlone = ports.lone.isSuspecting(target.id);
  const limit = isAlone ? 1 : Math.max(1, driver.capabilities.batchSize >> Math.min(target.attempts, 20));
  const { due, retried, cursor, hasMore } = await claim(ports, target, limit);
  const zones = due.filter((zone) => triage(target, zone) === "send");
  const accepted: AcceptedZone[] = due
    .filter((zone) => triage(target, zone) === "acknowledge")
    .map((zone) => ({ zone, notes: [], verify: !zone.isDeleted, isSent: false }));
  const work = await prepare(ports, driver, zones);
  let outcomes: ZoneOutcome[] = [];
  // Written before it is sent: a crash right after the sending must not leave a zone at a member that nobody would ever delete there.
  const first = target.memberId === null ? [] : zones.filter((zone) => !zone.wasSent && !zone.isDeleted);
  if (first.length > 0) await ports.store.recordFirstSending(target, first);
  try {
    const moved = await movedCopies(driver, zones, signal);
    const left = moved.size === 0 ? work : work.filter(({ name }) => !moved.has(name));
    outcomes = left.length > 0 ? await driver.apply(left, signal, keeping(ports, target)) : [];
    outcomes = [...outcomes, ...moved.values()];
  } catch (caught) {
    if (caught instanceof NotKept) throw caught.cause;
    const error = asDriverError(caught, target);
    const isZones = mayBeZones(target, error.kind) && zones.length > 0 && (await answers(driver, signal));
    if (!isZones || zones.length > 1) return failStep(ports, target, error, isZones);
    outcomes = zones.map(({ name, seq }) => ({ name, seq, status: "failed", error }));
  }
  const byName = new Map(outcomes.map((outcome) => [outcome.name, outcome]));
  const sent = new Set(work.map((item) => item.name));
  const results = zones
    .filter(({ name }) => sent.has(name))
    .map((zone) => ({ zone, outcome: byName.get(zone.name) ?? unsaid(zone) }));
  const aside: SetAsideZone[] = [];
  for (const { zone, outcome } of results) {
    const result = await settle(ports, target, zone, outcome);
    if (result && "retryAt" in result) aside.push(result);
    else if (result) accepted.push(result);
  }
  const released = due.filter((zone) => retried.has(zone.zoneId) && triage(target, zone) === "skip");
  const { verdict, failure } = judge(ports, target, results);
  if (cursor !== target.cursor || accepted.length + aside.length + work.length + released.length > 0)
    await ports.store.record(target, {
      cursor,
      verdict,
      accepted,
      setAside: failure ? aside.map((zone) => untilTarget(zone, failure.retryAt)) : aside,
      released,
      now: ports.now(),
    });
  const isAnswered = results.some(({ outcome }) => speaksOfZone(outcome));
  return { hasMore: hasMore && !failure, sent: [...sent], isAnswered, failure };
}

interface Result {
  readonly zone: DueZone;
  readonly outcome: ZoneOutcome;
}

function speaksOfZone(outcome: ZoneOutcome): boolean {
  return outcome.status !== "failed" || FAILURE_POLICY[outcome.error.kind].scope === "zone";
}

/** What the zones of a step say of the target: one that fails alone may be one too many. */
function judge(
  ports: SyncPorts,
  target: TargetState,
  results: readonly Result[],
): { readonly verdict: StepRecord["verdict"]; readonly failure: StepResult["failure"] } {
  const { lone } = ports;
  const through = results.filter(({ outcome }) => speaksOfZone(outcome)).map(({ zone }) => zone.zoneId);
  if (through.length > 0)
    return { verdict: lone.getThrough(target.id, through) ? "is-back" : "answers", failure: null };
  const [only] = results;
  if (!only) return { verdict: lone.isSuspecting(target.id) ? "unsaid" : "answers", failure: null };
  // The local nameserver's failures are counted nowhere, and a pause of it would hold up the next edit.
  const mayBeTarget = results.length === 1 && target.memberId !== null && only.outcome.status === "failed";
  if (!mayBeTarget || !lone.fail(target.id, only.zone.zoneId)) return { verdict: "answers", failure: null };
  const { error } = only.outcome;
  const failure = { error, retryAt: pauseOf(ports, error, target.attempts + 1), isZones: false };
  return { verdict: { kind: error.kind, message: error.message, retryAt: failure.retryAt }, failure };
}

/** Tried when the target is, and with no longer pauses of its own afterwards: the failure is not the zone's. */
function untilTarget(aside: SetAsideZone, retryAt: number): SetAsideZone {
  return { ...aside, attempts: Math.max(aside.zone.attempts, 1), retryAt };
}

function pauseOf(ports: SyncPorts, { kind, extra }: DriverError, attempts: number): number {
  return ports.now() + retryDelay(kind, attempts, ports.random(), extra.retryAfterMs);
}

/**
 * Whether one of the zones sent may have brought the failure of a whole target about. A member that cuts the connection may do so for what it is sent; the
 * local nameserver is unreachable when it does not run or its disk is full, which is no zone's doing.
 */
function mayBeZones(target: TargetState, kind: DriverErrorKind): boolean {
  return kind === "timeout" || kind === "bad-response" || (kind === "unreachable" && target.memberId !== null);
}

/** Whether the target answers at all: then a single zone that failed it is itself the trouble. */
async function answers(driver: Driver, signal: AbortSignal): Promise<boolean> {
  try {
    await driver.status(signal);
    return true;
  } catch (error) {
    if (error instanceof DriverError) return false;
    throw error;
  }
}

async function failStep(
  ports: SyncPorts,
  target: TargetState,
  error: DriverError,
  isZones: boolean,
): Promise<StepResult> {
  const failed = { hasMore: false, sent: [], isAnswered: false };
  // Shut down, disabled or edited in the middle: nothing failed, and nothing is recorded.
  if (error.kind === "aborted" || error.kind === "held")
    return { ...failed, failure: { error, retryAt: ports.now(), isZones } };
  // A target that answers waits no longer than after a first failure: the next batch is half as large, and one of them tells which zone it is.
  const retryAt = pauseOf(ports, error, isZones ? 1 : target.attempts + 1);
  await ports.store.recordFailure(target, { kind: error.kind, message: error.message, retryAt, now: ports.now() });
  return { ...failed, failure: { error, retryAt, isZones } };
}

/**
 * Asks a target what it holds and acknowledges what is as we want it, so that only differences are sent. Nothing is deleted there: zones that only it
 * holds are left alone.
 * @returns null, or why the target could not be asked (it waits then, and is asked again)
 */
export async function compareStep(
  ports: SyncPorts,
  target: TargetState,
  driver: Driver,
  signal: AbortSignal,
): Promise<StepResult["failure"]> {
  const begun = await ports.store.beginCompare(target, await ports.store.head());
  try {
    await ports.takeNewer?.(target, driver, signal);
    if (driver.capabilities.read.supported) {
      for await (const page of driver.list(signal)) await ports.store.acknowledgeMatches(begun, page, ports.now());
    }
  } catch (error) {
    if (error instanceof LeaseLost) throw error;
    return (await failStep(ports, begun, asDriverError(error, target), false)).failure;
  }
  await ports.store.endCompare(begun);
  return null;
}
