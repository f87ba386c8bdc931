import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { type Queryable, sql } from "@/lib/db/database";
import { toUnicode } from "@/lib/dns/name";
import { AppError } from "@/lib/errors";
import { findMember } from "@/lib/members/queries";
import { nameCondition, type Sql, searchTerm } from "@/lib/zones/queries-search";
import { findZone } from "@/lib/zones/zone-row";
import {
  countDiffering,
  type DifferingCount,
  differingScope,
  everywhere,
  listDiffering,
  type Scope,
} from "./differing";
import { type PairView, readPairs } from "./pairs";
import { CAUSES, type Cause } from "./reason";
import type { ProblemListQuery } from "./schemas";
import { type ProofTarget, proofTargets } from "./targets";

/** Pairs with one cause, as far as they are on this page. */
export interface CauseGroup {
  readonly cause: Cause;
  /** All of them. */
  readonly count: number;
  readonly rows: readonly PairView[];
}

export interface ProblemList {
  /** The worst cause first; within one the newest first. */
  readonly groups: readonly CauseGroup[];
  /** Every cause that there is, with how many pairs it has, whatever cause was asked for. */
  readonly causes: readonly { readonly cause: Cause; readonly count: number }[];
  /** The targets that can be asked for, with how many pairs differ there. */
  readonly targets: readonly { readonly targetId: number; readonly label: string; readonly count: number }[];
  /** Pairs in the list. */
  readonly total: number;
  readonly page: number;
  readonly pageSize: number;
}

const PAGE_SIZE = 50;

/**
 * Everything that differs, grouped by cause: the asker's own zones at the targets that they go to, everybody's for root.
 * @param query.zone this one only, whether it is there or in the recycle bin
 * @throws AppError "forbidden"; "not-found" for a zone or a target that is not one of these
 */
export async function problems(
  ctx: Context,
  actor: Actor,
  query: ProblemListQuery & { readonly zone?: string },
): Promise<ProblemList> {
  const { ownerId } = authorize(actor, "zone.read");
  const targets = everywhere(await proofTargets(ctx.db.client, ownerId));
  if (query.zone !== undefined) await assertOwnZone(ctx, ownerId, query.zone);
  if (query.at !== null && !targets.some(({ targetId }) => targetId === query.at))
    throw new AppError("not-found", "There is no such nameserver here, or it is not yours.");
  const scope = await differingScope(ctx.db.client, { ownerId, targets, zones: zonesOf(query) });
  return listProblems(ctx.db.client, scope, query);
}

function zonesOf({ q, zone }: { q: string; zone?: string }): Sql | null {
  if (zone !== undefined) return sql`z."name" = ${zone}`;
  const term = searchTerm(q);
  return term && nameCondition(term);
}

async function assertOwnZone({ db }: Context, ownerId: number | null, name: string): Promise<void> {
  const zone = await findZone(db.client, name);
  if (!zone || (ownerId !== null && zone.ownerId !== ownerId))
    throw new AppError("not-found", `There is no zone ${toUnicode(name)} here, or it is not yours.`);
}

/** What differs at one member. @throws AppError "not-found" */
export async function memberProof(
  ctx: Context,
  actor: Actor,
  query: Omit<ProblemListQuery, "at"> & { readonly memberId: number; readonly zone?: string },
): Promise<ProblemList> {
  const member = await findMember(ctx, actor, query.memberId);
  const { ownerId } = authorize(actor, "zone.read");
  const targets = await proofTargets(ctx.db.client, ownerId);
  const own = targets.filter(({ memberId }) => memberId === member.id);
  const scope = await differingScope(ctx.db.client, { ownerId, targets: own, zones: zonesOf(query) });
  return listProblems(ctx.db.client, scope, { ...query, at: null });
}

async function listProblems(
  db: Queryable,
  scope: Scope,
  { cause, at, page: asked }: ProblemListQuery,
): Promise<ProblemList> {
  const counts = await countDiffering(db, scope);
  const here = counts.filter(({ targetId }) => at === null || targetId === at);
  const causes = sumByCause(here);
  const shown = causes.filter((row) => cause === null || row.cause === cause);
  const targets = scope.targets.filter(({ targetId }) => at === null || targetId === at);
  const total = shown.reduce((sum, { count }) => sum + count, 0);
  // What was on a page further on is well by now.
  const page = Math.min(asked, Math.max(1, Math.ceil(total / PAGE_SIZE)));
  return {
    groups: await pageOf(db, { ...scope, targets }, shown, (page - 1) * PAGE_SIZE),
    causes,
    targets: scope.targets.map((target) => targetCount(target, counts, cause)),
    total,
    page,
    pageSize: PAGE_SIZE,
  };
}

function sumByCause(counts: readonly DifferingCount[]): { cause: Cause; count: number }[] {
  return CAUSES.flatMap(({ cause }) => {
    const count = counts.filter((row) => row.cause === cause).reduce((sum, row) => sum + row.count, 0);
    return count === 0 ? [] : [{ cause, count }];
  });
}

function targetCount({ targetId, label }: ProofTarget, counts: readonly DifferingCount[], cause: Cause | null) {
  const own = counts.filter((row) => row.targetId === targetId && (cause === null || row.cause === cause));
  return { targetId, label, count: own.reduce((sum, row) => sum + row.count, 0) };
}

/** The page that begins at `offset` of all groups in a row. */
async function pageOf(
  db: Queryable,
  scope: Scope,
  groups: readonly { cause: Cause; count: number }[],
  offset: number,
): Promise<CauseGroup[]> {
  const page: CauseGroup[] = [];
  let before = offset;
  let room = PAGE_SIZE;
  for (const { cause, count } of groups) {
    if (room === 0) break;
    if (before >= count) {
      before -= count;
      continue;
    }
    const keys = await listDiffering(db, scope, { cause, limit: room, offset: before });
    page.push({ cause, count, rows: await readPairs(db, scope.targets, keys) });
    room -= keys.length;
    before = 0;
  }
  return page;
}
