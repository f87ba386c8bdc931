import { empty, join, type Queryable, sql } from "@/lib/db/database";
import { reachCondition } from "@/lib/members/reach";
import { mergeRanges } from "@/lib/sync/merge-ranges";
import type { Sql } from "@/lib/zones/queries-search";
import { CAUSES, type Cause, PATIENCE, PROBLEMS, REFUSALS } from "./reason";
import type { ProofTarget } from "./targets";

/**
 * The pairs of a zone and a target that differ, each once, under its worst reason: lib/proof/reason in SQL. They are found where they stand in an index, and never
 * by looking at all pairs:
 *
 *     observed otherwise   ZoneTarget(problem, targetId)
 *     failed               ZoneTarget(targetId, retryAt)
 *     not sent             Zone(changeSeq), the ranges that a target's cursor leaves open (lib/sync/cursor)
 *     to be looked at      ZoneTarget(targetId, verifyAt)
 *
 * A reseller's are found from the reseller's zones: how long it takes must not tell how many others have.
 */
export interface Scope {
  /** Whose zones; null: everybody's. */
  readonly ownerId: number | null;
  readonly targets: readonly ProofTarget[];
  /** Which zones `z`; null: all of these. */
  readonly zones: Sql | null;
  /** Position of the newest change. */
  readonly newest: number;
}

/** The targets that are meant by "everywhere": while clustering is disabled that is this server. */
export function everywhere(targets: readonly ProofTarget[]): ProofTarget[] {
  return targets.filter(({ hold }) => hold !== "clustering-disabled");
}

export async function differingScope(
  db: Queryable,
  input: { ownerId: number | null; targets: readonly ProofTarget[]; zones?: Sql | null },
): Promise<Scope> {
  const [row] = await db.$queryRaw<{ seq: number | bigint | null }[]>(
    sql`SELECT max("changeSeq") AS "seq" FROM "Zone"`,
  );
  return { ownerId: input.ownerId, targets: input.targets, zones: input.zones ?? null, newest: Number(row?.seq ?? 0) };
}

/** FROM and WHERE of some pairs; `z` is the zone, `zt` its row for the target, which what was never sent has not. */
interface Source {
  readonly from: Sql;
  /** Which target, as a column. */
  readonly targetId: Sql;
  readonly zoneId: Sql;
  readonly cause: Sql;
  /** What that may be. */
  readonly causes: readonly Cause[];
  /** What orders the pairs of one cause: instants, or positions of changes. */
  readonly at: Sql;
  /** 1 for zones that are there, 0 for deleted ones. */
  readonly isLive: Sql;
}

const isProblem = sql`zt."problem" IN (${join([...PROBLEMS])})`;
/** Not "is null", which would lead SQLite to the index of problems, whose nulls are nearly all rows. */
const isNoProblem = sql`COALESCE(zt."problem", '') = ''`;
const isFailed = sql`zt."retryAt" > 0 AND zt."errorKind" IS NOT NULL AND ${isNoProblem}`;
const isOwed = sql`zt."verifyAt" > 0 AND zt."ackSeq" >= z."changeSeq" AND (zt."retryAt" IS NULL OR zt."errorKind" IS NULL) AND ${isNoProblem}`;
const isUnsent = sql`(zt."zoneId" IS NULL AND z."deletedAt" IS NULL OR (zt."ackSeq" < z."changeSeq" AND (zt."retryAt" IS NULL OR zt."errorKind" IS NULL) AND ${isNoProblem}))`;
const isLive = sql`CASE WHEN z."deletedAt" IS NULL THEN 1 ELSE 0 END`;
const never = sql`1 = 0`;

function oneOf(column: Sql, ids: readonly number[]): Sql {
  return ids.length === 0 ? never : sql`${column} IN (${join([...ids])})`;
}

const idsOf = (targets: readonly ProofTarget[]) => targets.map(({ targetId }) => targetId);

/** What a failure is called at targets that are the asker's to see, and at others. */
function failureCause({ targets }: Scope): Sql {
  const own = idsOf(targets.filter(({ isForeign }) => !isForeign));
  return sql`CASE WHEN zt."errorKind" IN (${join([...REFUSALS])}) AND ${oneOf(sql`zt."targetId"`, own)} THEN 'refused' ELSE 'set-aside' END`;
}

const FAILURES: readonly Cause[] = ["refused", "set-aside"];
const LOOKS: readonly Cause[] = ["not-served", "not-checked"];
const lookCause = sql`CASE WHEN zt."verifyAttempts" >= ${PATIENCE} THEN 'not-served' ELSE 'not-checked' END`;

/** Pairs that have a row: what was observed, what failed, what is to be looked at. */
function storedSources(scope: Scope): Source[] {
  const { ownerId, targets, zones } = scope;
  const column = sql`zt."targetId"`;
  const here = oneOf(column, idsOf(targets));
  const looked = sql`${isOwed} AND ${oneOf(column, idsOf(targets.filter(({ isVerifiable }) => isVerifiable)))}`;
  const failed = failureCause(scope);
  const known = { targetId: column, zoneId: sql`zt."zoneId"` };
  if (ownerId !== null) {
    const cause = sql`CASE WHEN ${isProblem} THEN zt."problem" WHEN ${isFailed} THEN ${failed} ELSE ${lookCause} END`;
    const at = sql`CASE WHEN ${isProblem} THEN zt."problemSince" WHEN ${isFailed} THEN zt."failedSeq" ELSE zt."ackAt" END`;
    const from = sql`FROM "Zone" z CROSS JOIN "ZoneTarget" zt WHERE z."ownerId" = ${ownerId} AND zt."zoneId" = z."id" AND ${here} ${only(zones)}
      AND (${isProblem} OR (${isFailed}) OR (${looked}))`;
    return [{ ...known, from, cause, causes: [...PROBLEMS, ...FAILURES, ...LOOKS], at, isLive }];
  }
  const joined = (condition: Sql) =>
    sql`FROM "ZoneTarget" zt CROSS JOIN "Zone" z WHERE ${condition} AND ${here} AND z."id" = zt."zoneId" ${only(zones)}`;
  // Counted in the index alone while no name is asked for. An "extra" one is of a zone that is not there, or not to be there.
  const seen = zones ? joined(isProblem) : sql`FROM "ZoneTarget" zt WHERE ${isProblem} AND ${here}`;
  const wanted = sql`CASE WHEN zt."problem" = 'extra' THEN 0 ELSE 1 END`;
  return [
    { ...known, from: seen, cause: sql`zt."problem"`, causes: PROBLEMS, at: sql`zt."problemSince"`, isLive: wanted },
    { ...known, from: joined(isFailed), cause: failed, causes: FAILURES, at: sql`zt."failedSeq"`, isLive },
    { ...known, from: joined(looked), cause: lookCause, causes: LOOKS, at: sql`zt."ackAt"`, isLive },
  ];
}

function only(zones: Sql | null): Sql {
  return zones ? sql`AND ${zones}` : empty;
}

/** Changes that a target was not sent yet: what its cursor leaves open, and what a plan asked for past it. */
function unsentSources(scope: Scope, targets: readonly ProofTarget[]): Source[] {
  const groups = new Map<string, { condition: Sql; targets: Sql[]; ranges: Sql[] }>();
  for (const target of targets) {
    const { reach, targetId } = target;
    if (reach.kind === "none") continue;
    // A row an account rather than a term: there may be more accounts than a statement takes terms.
    const isAccount = reach.kind === "account";
    const key = isAccount ? "account" : JSON.stringify(reach);
    const condition = isAccount ? sql`z."ownerId" = w."ownerId"` : reachCondition(reach);
    const group = groups.get(key) ?? { condition, targets: [], ranges: [] };
    groups.set(key, group);
    // PostgreSQL does not infer the types of parameters in a VALUES list.
    const who = sql`CAST(${targetId} AS INTEGER), CAST(${isAccount ? reach.ownerId : 0} AS INTEGER)`;
    group.targets.push(sql`(${who})`);
    for (const [after, upTo] of openRanges(target, scope.newest))
      group.ranges.push(sql`(${who}, CAST(${after} AS BIGINT), CAST(${upTo} AS BIGINT))`);
  }
  const owned = scope.ownerId === null ? empty : sql`AND z."ownerId" = ${scope.ownerId}`;
  return [...groups.values()].flatMap(({ condition, targets: rows, ranges }) => {
    const asked = {
      from: sql`FROM (SELECT "column1" AS "targetId", "column2" AS "ownerId" FROM (VALUES ${join(rows)}) v) w CROSS JOIN "ZoneTarget" zt CROSS JOIN "Zone" z CROSS JOIN "Target" g
        WHERE zt."targetId" = w."targetId" AND zt."retryAt" > 0 AND zt."errorKind" IS NULL AND z."id" = zt."zoneId" AND g."id" = zt."targetId" AND ${condition} ${owned}
        ${only(scope.zones)} AND zt."ackSeq" < z."changeSeq" AND NOT zt."isWithdrawn" AND ${isNoProblem}
        AND NOT (z."changeSeq" > g."floorSeq" AND z."changeSeq" <= g."backlogSeq") AND z."changeSeq" <= g."seenSeq"`,
      targetId: sql`zt."targetId"`,
      zoneId: sql`zt."zoneId"`,
      ...UNSENT,
    };
    if (ranges.length === 0) return [asked];
    const open = {
      from: sql`FROM (SELECT "column1" AS "targetId", "column2" AS "ownerId", "column3" AS "after", "column4" AS "upTo" FROM (VALUES ${join(ranges)}) v) w
        JOIN "Zone" z ON z."changeSeq" > w."after" AND z."changeSeq" <= w."upTo"
        LEFT JOIN "ZoneTarget" zt ON zt."zoneId" = z."id" AND zt."targetId" = w."targetId"
        WHERE ${condition} ${owned} ${only(scope.zones)} AND ${isUnsent}`,
      targetId: sql`w."targetId"`,
      zoneId: sql`z."id"`,
      ...UNSENT,
    };
    return [asked, open];
  });
}

const UNSENT = { cause: sql`'not-sent'`, causes: [], at: sql`z."changeSeq"`, isLive } as const;

function openRanges({ floorSeq, backlogSeq, seenSeq }: ProofTarget, newest: number) {
  return mergeRanges([
    [Number(floorSeq), Number(backlogSeq)],
    [Number(seenSeq), newest],
  ]);
}

/** What waiting for a target is called; how another account's member is, is not the asker's to see. */
function waitingCause({ hold, isForeign }: ProofTarget): Cause {
  return isForeign ? "not-sent" : (hold ?? "not-sent");
}

export interface DifferingCount {
  readonly targetId: number;
  readonly cause: Cause;
  readonly count: number;
  /** Those of zones that are there: the others are to go. */
  readonly live: number;
  /** The first change that waits; null where nothing waits. */
  readonly firstSeq: number | null;
}

interface CountRow {
  readonly targetId: number | bigint;
  readonly cause: string;
  readonly count: number | bigint;
  readonly live: number | bigint;
  readonly first: number | bigint | null;
}

/** How many pairs differ, by target and cause. */
export async function countDiffering(db: Queryable, scope: Scope): Promise<DifferingCount[]> {
  const causeAt = new Map(scope.targets.map((target) => [target.targetId, waitingCause(target)]));
  // Grouped by position: PostgreSQL does not see that two expressions with parameters are one.
  const count = ({ targetId, cause, isLive, from }: Source, first: Sql) => sql`
    SELECT ${targetId} AS "targetId", ${cause} AS "cause", count(*) AS "count", sum(${isLive}) AS "live", ${first} AS "first"
    ${from} GROUP BY 1, 2`;
  const parts = [
    ...storedSources(scope).map((source) => count(source, sql`CAST(NULL AS BIGINT)`)),
    ...unsentSources(scope, scope.targets).map((source) => count(source, sql`min(${source.at})`)),
  ];
  const rows = await db.$queryRaw<CountRow[]>(join(parts, " UNION ALL "));
  return rows.map((row) => ({
    targetId: Number(row.targetId),
    cause: row.cause === "not-sent" ? (causeAt.get(Number(row.targetId)) ?? "not-sent") : (row.cause as Cause),
    count: Number(row.count),
    live: Number(row.live),
    firstSeq: row.first === null ? null : Number(row.first),
  }));
}

export interface PairKey {
  readonly zoneId: number;
  readonly targetId: number;
}

/** Some of the pairs with one cause, newest first. */
export async function listDiffering(
  db: Queryable,
  scope: Scope,
  { cause, limit, offset }: { cause: Cause; limit: number; offset: number },
): Promise<PairKey[]> {
  const isWaiting = groupOf(cause) === "waiting";
  const sources = isWaiting
    ? unsentSources(
        scope,
        scope.targets.filter((target) => waitingCause(target) === cause),
      )
    : storedSources(scope)
        .filter(({ causes }) => causes.includes(cause))
        .map((source) => ({ ...source, from: sql`${source.from} AND ${source.cause} = ${cause}` }));
  if (sources.length === 0) return [];
  const parts = sources.map(
    ({ from, zoneId, targetId, at }) =>
      sql`SELECT ${zoneId} AS "zoneId", ${targetId} AS "targetId", ${at} AS "at" ${from}`,
  );
  const rows = await db.$queryRaw<{ zoneId: number | bigint; targetId: number | bigint }[]>(sql`
    SELECT "zoneId", "targetId" FROM (${join(parts, " UNION ALL ")}) d
    ORDER BY "at" DESC, "zoneId" DESC, "targetId" LIMIT ${limit} OFFSET ${offset}`);
  return rows.map((row) => ({ zoneId: Number(row.zoneId), targetId: Number(row.targetId) }));
}

export function groupOf(cause: Cause) {
  return CAUSES.find((row) => row.cause === cause)?.group ?? "problem";
}

/** Ids of the zones that differ somewhere, each once or more, as a statement. */
export function differingZones(scope: Scope): Sql {
  const parts = [...storedSources(scope), ...unsentSources(scope, scope.targets)].map(
    ({ zoneId, from }) => sql`SELECT ${zoneId} AS "zoneId" ${from}`,
  );
  return join(parts, " UNION ALL ");
}

/** Zones that are there and differ somewhere. Counts no further than `atMost`, which bounds the work. */
export async function countDifferingZones(db: Queryable, scope: Scope, atMost: number): Promise<number> {
  const [row] = await db.$queryRaw<{ n: number | bigint }[]>(sql`
    SELECT count(*) AS "n" FROM (SELECT DISTINCT d."zoneId" FROM (${differingZones(scope)}) d
      CROSS JOIN "Zone" l WHERE l."id" = d."zoneId" AND l."deletedAt" IS NULL LIMIT ${atMost}) n`);
  return Number(row?.n ?? 0);
}
