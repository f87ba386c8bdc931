import type { Context } from "@/lib/context";
import { publish } from "@/lib/live/bus";
import { readSettings } from "@/lib/settings/settings";
import { isRoundDue, isSliceDue, isUnderWay } from "@/lib/sync/pace";
import type { Chore } from "../chores";
import { createSlots } from "../slots";
import type { AddressWatch } from "./address-watch";
import { type ContentFinding, createContentCompare } from "./compare-content";
import {
  type ContentPair,
  dueContentChecks,
  putOffContentCheck,
  readContentPair,
  readContentSlice,
  writeContent,
  writeContentRound,
} from "./content-store";
import { countRows } from "./sweep-store";
import { type LocalAddresses, type SweptTarget, sweptTargets } from "./swept-targets";

/** How often it is seen what is due: a click waits for it. */
const TICK_MS = 500;
/** The same for the rounds, which are in no hurry. */
const ROUNDS_MS = 5_000;
/** What is compared side by side: a slow nameserver holds up no other. */
const WIDTH = 8;
/** Zones that are compared one after the other before others have their turn. */
const SLICE = 10;
const HOUR_MS = 60 * 60_000;
/** The very first round waits so long after a start: there is enough to do then. */
const FIRST_ROUND_MS = 10 * 60_000;

/** Compares, more slowly than the sweep asks for serials, what nameservers serve with what was acknowledged; and at once what somebody asks for. */
export function contentChore(ctx: Context, local: LocalAddresses, watch: AddressWatch, random = Math.random): Chore {
  const now = ctx.clock.now;
  const startedAt = now();
  const compare = createContentCompare(now, random);
  const progress = new Map<number, { readonly beganAt: number; readonly total: number; done: number }>();
  const inTurn = createSlots(WIDTH);
  let lookedAt = Number.NEGATIVE_INFINITY;

  async function run(signal: AbortSignal): Promise<boolean> {
    const asked = await dueContentChecks(ctx, SLICE);
    const isRoundsTurn = ctx.clock.monotonic() - lookedAt >= ROUNDS_MS;
    if (asked.length === 0 && !isRoundsTurn) return false;
    if (isRoundsTurn) lookedAt = ctx.clock.monotonic();
    const { contentHours } = await readSettings(ctx.db.client, "proof");
    if (asked.length === 0 && contentHours === 0) return false;
    const targets = await sweptTargets(ctx, local);
    const checks = asked.map((check) => inTurn(() => checkPair(check, targets, signal)));
    const rounds = isRoundsTurn ? targets.filter(isComparable) : [];
    const behind = rounds.map((target) => inTurn(() => goOn(target, contentHours * HOUR_MS, signal)));
    const [, isBehind] = await Promise.all([Promise.all(checks), Promise.all(behind)]);
    if (isBehind.includes(true)) lookedAt = Number.NEGATIVE_INFINITY;
    return asked.length === SLICE || isBehind.includes(true);
  }

  /** Out of turn. */
  async function checkPair(
    check: { readonly zoneId: number; readonly targetId: number },
    targets: readonly SweptTarget[],
    signal: AbortSignal,
  ): Promise<void> {
    const target = targets.find(({ id }) => id === check.targetId);
    const pair = target && isComparable(target) ? await readContentPair(ctx, target, check.zoneId) : null;
    if (!target || !pair || !(await comparePair(target, pair, signal))) await putOffContentCheck(ctx, check);
  }

  /** Services hold a part of a zone and have no content that could be the same; and some nameservers do not say where they are. */
  const isComparable = ({ addresses, hasOwnSerials }: SweptTarget) => !hasOwnSerials && (addresses?.length ?? 0) > 0;

  /** @returns whether more of the round is due already */
  async function goOn(target: SweptTarget, intervalMs: number, signal: AbortSignal): Promise<boolean> {
    const { id, content } = target;
    if (intervalMs === 0) return false;
    if (!isUnderWay(content)) {
      const isWaiting = content.beganAt === null && now() - startedAt < FIRST_ROUND_MS;
      if (!isWaiting && isRoundDue(content, intervalMs, now()))
        await writeContentRound(ctx, id, { position: 0, beganAt: now() });
      return false;
    }
    const beganAt = content.beganAt ?? 0;
    let round = progress.get(id);
    if (round?.beganAt !== beganAt) {
      round = { beganAt, ...(await countRows(ctx, id, content.zoneId)) };
      progress.set(id, round);
    }
    if (!isSliceDue(beganAt, intervalMs, now(), round.done, round.total)) return false;
    const { pairs, last, read } = await readContentSlice(ctx, target, content.zoneId, SLICE);
    for (const pair of pairs) {
      if (signal.aborted) return false;
      // A silent nameserver's zones are compared when it answers again.
      if (!(await comparePair(target, pair, signal)) && isAllSilent(target)) return false;
    }
    round.done += read;
    await writeContentRound(ctx, id, { position: last ?? content.zoneId, ...(read < SLICE ? { endedAt: now() } : {}) });
    return read === SLICE && isSliceDue(beganAt, intervalMs, now(), round.done, round.total);
  }

  const isAllSilent = ({ id, addresses }: SweptTarget) =>
    (addresses ?? []).every((address) => watch.silenceOf(id, address) !== undefined);

  /** @returns whether there was something to store */
  async function comparePair(target: SweptTarget, pair: ContentPair, signal: AbortSignal): Promise<boolean> {
    const found = pair.hasNotes ? PARTLY : await compareAll(target, pair, signal);
    if (found.state === "other-serial") return false;
    if (await writeContent(ctx, target.id, pair, found)) {
      publish("zones");
      publish("cluster");
    }
    publish(`zone:${pair.name}`);
    return true;
  }

  /** At every address; one that differs decides, one that cannot be compared leaves it open. */
  async function compareAll(target: SweptTarget, pair: ContentPair, signal: AbortSignal): Promise<ContentFinding> {
    const answering = (target.addresses ?? []).filter((address) => !watch.silenceOf(target.id, address));
    const findings: ContentFinding[] = [];
    for (const address of answering) findings.push(await compare(address, pair, signal));
    const asked = findings.filter((found) => found.state !== "unknown" || !found.isUnasked);
    const worst = WORST_FIRST.flatMap((state) => asked.find((found) => found.state === state) ?? []);
    return worst[0] ?? findings[0] ?? { state: "other-serial" };
  }

  return { name: "proof-content", everyMs: TICK_MS, run };
}

const WORST_FIRST = ["differs", "other-serial", "unknown", "same"] as const;
const PARTLY: ContentFinding = { state: "unknown", reason: "A part of the zone could not be held there." };
