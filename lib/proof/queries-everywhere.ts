import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";
import type { Reach } from "@/lib/sync/reach";
import type { Sql } from "@/lib/zones/queries-search";
import { countDiffering, countDifferingZones, differingScope, differingZones, everywhere, groupOf } from "./differing";
import { proofTargets } from "./targets";

async function scopeOf(ctx: Context, actor: Actor) {
  const { ownerId } = authorize(actor, "zone.read");
  const targets = everywhere(await proofTargets(ctx.db.client, ownerId));
  return differingScope(ctx.db.client, { ownerId, targets });
}

/** More are not told apart at a glance. */
const BADGE_MOST = 1_000;

/**
 * How many of the asker's zones are not known to be served everywhere they are to be, counted up to `atMost`: for the badge.
 * @throws AppError "forbidden"
 */
export async function zonesNotEverywhere(ctx: Context, actor: Actor, atMost = BADGE_MOST): Promise<number> {
  return countDifferingZones(ctx.db.client, await scopeOf(ctx, actor), atMost);
}

/** The same as a condition on zones `z`, for lists. @throws AppError "forbidden" */
export async function notEverywhereCondition(ctx: Context, actor: Actor): Promise<Sql> {
  const scope = await scopeOf(ctx, actor);
  return scope.targets.length === 0 ? sql`1 = 0` : sql`z."id" IN (${differingZones(scope)})`;
}

/** How far the asker's zones are served, at a glance. */
export interface EverywhereSummary {
  readonly zones: number;
  /** Zones not known to be served everywhere; counted up to 10,000. */
  readonly notEverywhere: number;
  readonly isCapped: boolean;
  /** Pairs of a zone and a nameserver that were seen to differ, or failed. */
  readonly problems: number;
  /** Nameservers that zones are to be at. */
  readonly targets: number;
  /** Those of them of which DNS can tell what they serve. */
  readonly verifiable: number;
  /** Every zone is to be at every one of them. */
  readonly isShared: boolean;
  /** When the round over the last of them ended that was looked at longest ago, epoch milliseconds; null: not known, or not the asker's to see. */
  readonly lookedAt: number | null;
}

const SUMMARY_MOST = 10_000;

/** @throws AppError "forbidden" */
export async function everywhereSummary(ctx: Context, actor: Actor): Promise<EverywhereSummary> {
  const scope = await scopeOf(ctx, actor);
  const owner = scope.ownerId === null ? {} : { ownerId: scope.ownerId };
  const [zones, notEverywhere, counts] = await Promise.all([
    ctx.db.client.zone.count({ where: { ...owner, deletedAt: null } }),
    countDifferingZones(ctx.db.client, scope, SUMMARY_MOST),
    countDiffering(ctx.db.client, scope),
  ]);
  const ended = scope.targets.map(({ sweepEndedAt, isForeign }) => (isForeign ? null : sweepEndedAt));
  return {
    zones,
    notEverywhere,
    isCapped: notEverywhere === SUMMARY_MOST,
    problems: counts
      .filter(({ cause }) => groupOf(cause) === "problem" || groupOf(cause) === "set-aside")
      .reduce((sum, { count }) => sum + count, 0),
    targets: scope.targets.length,
    verifiable: scope.targets.filter(({ isVerifiable }) => isVerifiable).length,
    isShared: scope.ownerId !== null || scope.targets.every(({ reach }) => isForAll(reach)),
    lookedAt: earliest(ended),
  };
}

function isForAll(reach: Reach): boolean {
  return reach.kind === "every" || (reach.kind === "shared" && reach.except.length === 0);
}

/** null as soon as one of them is, and when there are none. */
export function earliest(instants: readonly (number | null)[]): number | null {
  const known = instants.flatMap((at) => at ?? []);
  return known.length === 0 || known.length < instants.length ? null : Math.min(...known);
}
