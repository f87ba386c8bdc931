import { engineActor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import { diffZones } from "@/lib/dns/diff";
import type { Zone } from "@/lib/dns/zone";
import { parseCanonicalZone, parseZoneFile } from "@/lib/dns/zone-file";
import type { Driver } from "@/lib/drivers/driver";
import type { PlanStep } from "@/lib/sync/plan";
import { diffMarks, type PlanMark } from "@/lib/sync/plan-marks";
import type { SyncItem } from "@/lib/sync-jobs/job";
import { shownDiff } from "@/lib/sync-jobs/plan-hash";
import { zoneTexts } from "@/lib/zones/member-reads";
import { fetchStamps, type ZoneHere } from "./read-copies";

/** What a plan says of one zone. */
export interface ZonePlan {
  readonly name: string;
  readonly here: ZoneHere | null;
  readonly steps: readonly PlanStep[];
}

export type NewItem = Omit<SyncItem, "id" | "at">;

/** Zones as they stand on both sides, by zone and holder (a member's id; "here"). */
class Copies {
  readonly #zones = new Map<string, Zone>();
  readonly problems = new Map<string, string>();
  static key = (holder: number | "here", name: string) => `${holder} ${name}`;
  set(holder: number | "here", name: string, zone: Zone): void {
    this.#zones.set(Copies.key(holder, name), zone);
  }
  get(holder: number | "here", name: string): Zone | null {
    return this.#zones.get(Copies.key(holder, name)) ?? null;
  }
}

/**
 * Turns steps into items that can be shown: with the difference in records, what about it is dangerous, and why a step cannot be done.
 * @param lossy members that lost so many zones that every step with them is marked
 * @throws DriverError when a member no longer answers
 */
export async function planItems(
  ctx: Context,
  drivers: ReadonlyMap<number, Driver>,
  plans: readonly ZonePlan[],
  lossy: ReadonlySet<number>,
  signal: AbortSignal,
): Promise<NewItem[]> {
  const copies = await readBothSides(ctx, drivers, plans, signal);
  return plans.flatMap((plan) => {
    const taken = plan.steps.find(({ action }) => action === "take");
    const problem = taken && copies.problems.get(Copies.key(taken.memberId, plan.name));
    if (taken && problem !== undefined) return [problemItem(plan.name, plan.here, taken.memberId, problem)];
    return plan.steps.map((step) => itemOf(plan, step, copies, taken?.memberId ?? "here", lossy.has(step.memberId)));
  });
}

/** Something that keeps a zone from being synchronized with a member. */
export function problemItem(zone: string, here: ZoneHere | null, memberId: number, message: string): NewItem {
  return {
    ...{ zone, memberId, action: "none", kind: "problem", there: null, wanted: null, hereSeq: here?.seq ?? 0 },
    ...{ records: 0, marks: [], diff: null, state: "failed", message },
  };
}

/** Reads the texts that the differences are made of: whole zones that are only added need none but the one that is taken. */
async function readBothSides(
  ctx: Context,
  drivers: ReadonlyMap<number, Driver>,
  plans: readonly ZonePlan[],
  signal: AbortSignal,
): Promise<Copies> {
  const copies = new Copies();
  const atMember = new Map<number, string[]>();
  const atHome: string[] = [];
  for (const { name, here, steps } of plans) {
    for (const { memberId, there, kind } of steps)
      if (there && kind !== "again") atMember.set(memberId, [...(atMember.get(memberId) ?? []), name]);
    if (here && !here.isDeleted && steps.some(({ kind }) => kind === "change")) atHome.push(name);
  }
  const reads = [...atMember].map(async ([memberId, names]) => {
    const driver = drivers.get(memberId);
    // A copy under a serial of its own is a part of a zone in the target's words: no difference to a zone could be read from it.
    if (!driver || driver.capabilities.ownSerials) return;
    const { texts, problems } = await fetchStamps(driver, names, signal);
    for (const [name, { text }] of texts) {
      const { zone } = parseZoneFile(text, { origin: name });
      if (zone) copies.set(memberId, name, zone);
    }
    for (const [name, problem] of problems) copies.problems.set(Copies.key(memberId, name), problem);
  });
  await Promise.all(reads);
  for await (const { name, text } of zoneTexts(ctx, engineActor, atHome))
    copies.set("here", name, parseCanonicalZone(text, name));
  return copies;
}

const recordsOf = (zone: Zone | null) => zone?.rrsets.reduce((sum, { rdatas }) => sum + rdatas.length, 0) ?? 0;

/** @param source who holds the copy that wins */
function itemOf(
  { name, here }: ZonePlan,
  step: PlanStep,
  copies: Copies,
  source: number | "here",
  isLossy: boolean,
): NewItem {
  const { memberId, action, kind, there, wanted, overwritesNewer } = step;
  const before = copies.get(action === "take" ? "here" : memberId, name);
  const after = wanted ? copies.get(source, name) : null;
  // A copy that cannot be looked at is no difference to be shown; the counts tell then.
  const isKnown = kind === "add" || before !== null;
  const diff = isKnown && kind !== "add" && kind !== "again" ? diffZones(before, after) : null;
  const marks: PlanMark[] = [
    ...(diff ? diffMarks(name, diff, recordsOf(before)) : []),
    // What is removed unseen may be anything.
    ...(kind === "remove" && !diff ? (["large-change"] as const) : []),
    ...(overwritesNewer ? (["overwrites-newer"] as const) : []),
    ...(isLossy ? (["few-zones"] as const) : []),
  ];
  const records = recordsOf(wanted ? after : before) || (source === "here" ? (here?.records ?? 0) : 0);
  return {
    ...{ zone: name, memberId, action, kind, there, wanted, hereSeq: here?.seq ?? 0, records, marks },
    ...{ diff: kind === "change" ? shownDiff(diff) : null, state: "planned", message: null },
  };
}
