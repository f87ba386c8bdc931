import type { Context } from "@/lib/context";
import { publish } from "@/lib/live/bus";
import { publishZones } from "@/lib/live/publish-zones";
import { readSettings } from "@/lib/settings/settings";
import { isRoundDue, isSliceDue, isUnderWay } from "@/lib/sync/pace";
import { findProblem } from "@/lib/sync/problem";
import { judge } from "@/lib/sync/verification";
import type { Chore } from "../chores";
import { createSlots } from "../slots";
import { type AddressWatch, isLong, type Silence } from "./address-watch";
import { type Asked, askTarget } from "./ask-target";
import {
  beginRound,
  countRows,
  hasUnreachable,
  readSlice,
  type SweptNews,
  type SweptZone,
  writeSlice,
  writeUnreachable,
} from "./sweep-store";
import { type LocalAddresses, type SweptTarget, sweptTargets } from "./swept-targets";
import type { TargetAddresses } from "./target-addresses";

/** How often it is seen what is due. */
const TICK_MS = 1_000;
/** Zones that are asked for, and stored, together. */
const SLICE = 100;
/** Targets that are looked at side by side. */
const WIDTH = 8;
const MINUTE_MS = 60_000;
const STOPPED = "The local nameserver is not running.";

/** A running nameserver, as opposed to the local one while it is stopped. */
type Answering = SweptTarget & { readonly addresses: NonNullable<SweptTarget["addresses"]> };

/**
 * Looks over DNS at every zone of every target, round after round: an acknowledgement, once seen served, may be served no more. Spread evenly over the interval in
 * slices; a restart goes on where the last one was. A silent nameserver is asked one question now and then, and its zones say so after half a minute.
 */
export function sweepChore(
  ctx: Context,
  local: LocalAddresses,
  watch: AddressWatch,
  addresses: TargetAddresses,
): Chore {
  /** How far the rounds are, so that no tick counts rows. */
  const progress = new Map<number, { readonly beganAt: number; readonly total: number; done: number }>();
  /** The silences that zones tell of, by when they began. */
  const told = new Map<number, number>();
  const inTurn = createSlots(WIDTH);
  const now = ctx.clock.now;

  async function run(signal: AbortSignal): Promise<boolean> {
    const { sweepMinutes } = await readSettings(ctx.db.client, "proof");
    const targets = await sweptTargets(ctx, local);
    const sweeping = targets.map((target) => inTurn(() => sweepTarget(target, sweepMinutes * MINUTE_MS, signal)));
    return (await Promise.all(sweeping)).includes(true);
  }

  /** @returns whether to go on at once */
  async function sweepTarget(target: SweptTarget, intervalMs: number, signal: AbortSignal): Promise<boolean> {
    const { sweep } = target;
    const isAnew = sweep.isHurried && sweep.beganAt === null;
    if (target.addresses?.length === 0 || (intervalMs === 0 && !sweep.isHurried)) return false;
    if (target.addresses === null) return stopped(target);
    const found = { ...target, addresses: target.addresses };
    if (watch.noteAnswer(target.id, null)) return hurry(target);
    if (isAnew) for (const address of found.addresses) watch.hurry(target.id, address);
    if (!found.addresses.some((address) => watch.isAskable(target.id, address))) return false;
    if (isAnew || (sweep.isHurried && !isUnderWay(sweep)) || isRoundDue(sweep, intervalMs, now()))
      return begin(found, signal);
    return isUnderWay(sweep) ? goOn(found, intervalMs, signal) : false;
  }

  async function begin(target: Answering, signal: AbortSignal): Promise<boolean> {
    const [first] = await readSlice(ctx, target, 0, 1);
    // A round over nothing would be the last one for a while.
    if (!first && !target.sweep.isHurried) return false;
    await beginRound(ctx, target, now(), target.sweep.isHurried);
    if (first) await addresses.check(target.id, target.addresses, first.name, signal);
    return true;
  }

  async function goOn(target: Answering, intervalMs: number, signal: AbortSignal): Promise<boolean> {
    const { id, sweep } = target;
    const beganAt = sweep.beganAt ?? 0;
    let round = progress.get(id);
    // Before this start it was silent: nobody here remembers that it was.
    if (!round && !sweep.isHurried && (await hasUnreachable(ctx, id))) return hurry(target);
    if (round?.beganAt !== beganAt) {
      round = { beganAt, ...(await countRows(ctx, id, sweep.zoneId)) };
      progress.set(id, round);
    }
    if (!sweep.isHurried && !isSliceDue(beganAt, intervalMs, now(), round.done, round.total)) return false;
    const zones = await readSlice(ctx, target, sweep.zoneId, SLICE);
    if (!(await lookAt(target, zones, signal))) return false;
    round.done += zones.length;
    return sweep.isHurried;
  }

  /** @returns whether the slice is done */
  async function lookAt(target: Answering, zones: readonly SweptZone[], signal: AbortSignal): Promise<boolean> {
    const due = zones.filter(({ isDue }) => isDue);
    const over = zones.filter(({ isOver }) => isOver);
    const progressed = { over, position: zones.at(-1)?.zoneId ?? target.sweep.zoneId, isLast: zones.length < SLICE };
    if (due.length === 0) {
      await writeSlice(ctx, target, now(), { confirmed: [], news: [], ...progressed });
      return true;
    }
    const names = due.map(({ name }) => name);
    const asked = await askTarget(watch, target, names, signal);
    const at = now();
    const findings = target.addresses.map((address, index) => ({
      address,
      reason: asked.reasons[index] ?? null,
    }));
    await addresses.noteUdp(target.id, findings);
    const { silences } = asked;
    if (silences.some((silence) => !isLong(silence, at))) return false;
    const [silence] = silences;
    if (silence && silences.length === target.addresses.length) {
      await tellUnreachable(target, silence, at);
      return false;
    }
    const news = due.flatMap((zone) => newsOf(target, zone, asked) ?? []);
    const changed = new Set(news.map(({ zone }) => zone));
    const confirmed = due.filter((zone) => !changed.has(zone));
    await writeSlice(ctx, target, at, { confirmed, news, ...progressed });
    if (news.length > 0) announce(names.filter((name) => news.some(({ zone }) => zone.name === name)));
    if (asked.isBack) await hurry(target);
    return true;
  }

  /** The local nameserver does not run: after half a minute its zones say so. */
  async function stopped(target: SweptTarget): Promise<boolean> {
    if (!watch.isAskable(target.id, null)) return false;
    const silence = watch.noteSilent(target.id, null, STOPPED);
    if (isLong(silence, now())) await tellUnreachable(target, silence, now());
    return false;
  }

  /** Once for each silence: what is acknowledged during it, which the local nameserver does only while it runs, is the verification's to look at. */
  async function tellUnreachable(target: SweptTarget, silence: Silence, at: number): Promise<void> {
    if (told.get(target.id) === silence.since) return;
    if (await writeUnreachable(ctx, target, silence, at)) announce("many");
    told.set(target.id, silence.since);
  }

  /** It answers again: all its zones are looked at without waiting for their turn. */
  async function hurry(target: SweptTarget): Promise<boolean> {
    await beginRound(ctx, target, now(), true);
    return true;
  }

  return { name: "proof-sweep", everyMs: TICK_MS, run };
}

/** What is to be stored of a zone; null: all is as it was. */
function newsOf({ hasOwnSerials }: SweptTarget, zone: SweptZone, { seen }: Asked): SweptNews | null {
  const answers = seen.get(zone.name) ?? [];
  const { state, serial, detail } = judge(zone.serial, answers, hasOwnSerials);
  const found = findProblem({ serial: zone.serial, newestSerial: zone.newestSerial, hasOwnSerials }, answers);
  const isContentOther = found === null && zone.isContentOther;
  const problem = found?.problem ?? (isContentOther ? "content" : null);
  const words = isContentOther ? (zone.problem === "content" ? zone.detail : OTHER_CONTENT) : (found?.detail ?? detail);
  const isSame =
    zone.state === state && zone.observedSerial === serial && zone.problem === problem && zone.detail === words;
  return isSame ? null : { zone, state, serial, detail: words, problem };
}

const OTHER_CONTENT = "Its records were others when they were compared last.";

function announce(names: readonly string[] | "many"): void {
  publishZones(names);
  publish("cluster");
}
