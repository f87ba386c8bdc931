import type { Context } from "@/lib/context";
import { type Queryable, sql } from "@/lib/db/database";
import { takeSequence } from "@/lib/db/sequence";
import { isWorkedOn } from "@/lib/members/held";
import { type MemberReach, reachDigest, readReaches } from "@/lib/members/reach";
import { settingsFrom } from "@/lib/settings/settings";
import { SANE_WAIT_MS } from "@/lib/sync/policy";
import type { TargetState } from "@/lib/sync/ports";
import type { Reach } from "@/lib/sync/reach";

/** The local nameserver's target, made at the first start. */
export async function ensureLocalTarget(ctx: Context): Promise<number> {
  return ctx.db.transaction(async (tx) => {
    // Takes no number, only the lock: of two servers that start at once on one database the second one finds the row.
    await takeSequence(tx, 0);
    const found = await tx.target.findFirst({ where: { memberId: null } });
    if (found) return found.id;
    return (await tx.target.create({ data: { memberId: null, createdAt: BigInt(ctx.clock.now()) } })).id;
  }, "local-target");
}

/** A row of "Target"; SQLite gives BIGINT columns as bigint as well. */
interface TargetRow {
  readonly id: number;
  readonly memberId: number | null;
  readonly floorSeq: bigint;
  readonly backlogSeq: bigint;
  readonly seenSeq: bigint;
  readonly reach: string;
  readonly needsCompare: boolean;
  readonly attempts: number;
  readonly retryAt: bigint;
  readonly createdAt: bigint;
}

const COLUMNS = sql`t."id", t."memberId", t."floorSeq", t."backlogSeq", t."seenSeq", t."reach", t."needsCompare", t."attempts", t."retryAt", t."createdAt"`;

function stateOf(row: TargetRow, reaches: ReadonlyMap<number, MemberReach>): TargetState {
  const reach = row.memberId === null ? EVERY : (reaches.get(row.memberId)?.reach ?? NONE);
  return {
    id: row.id,
    memberId: row.memberId,
    reach,
    // The local nameserver's never changes; a new member is compared first, which opens everything anyway.
    needsReopen: row.memberId !== null && row.reach !== reachDigest(reach),
    cursor: { floor: Number(row.floorSeq), backlog: Number(row.backlogSeq), seen: Number(row.seenSeq) },
    needsCompare: row.needsCompare,
    attempts: row.attempts,
    retryAt: Number(row.retryAt),
    createdAt: Number(row.createdAt),
  };
}

const NO_REACHES: ReadonlyMap<number, MemberReach> = new Map();
const EVERY: Reach = { kind: "every" };
/** The member was deleted this moment. */
const NONE: Reach = { kind: "none" };

/** A target, and what is due there that shows in no cursor. */
export interface LoadedTarget {
  readonly target: TargetState;
  /** Zones set aside whose time has come. */
  readonly hasRetries: boolean;
  /** Acknowledged changes that are to be looked up over DNS now. */
  readonly hasChecks: boolean;
}

/** Every target that the engine works on now: members only while clustering is enabled, and none that is held. `head` is no newer than the targets. */
export async function loadTargets(ctx: Context): Promise<{ head: number; targets: LoadedTarget[] }> {
  const db = ctx.db.client;
  const now = ctx.clock.now();
  const exists = (condition: ReturnType<typeof sql>) =>
    sql`EXISTS (SELECT 1 FROM "ZoneTarget" z WHERE z."targetId" = t."id" AND ${condition})`;
  // A few steps in an index for each target, however many zones it has: one EXISTS for each end of the range, as with OR inside all its rows would be read.
  const dueAt = (column: ReturnType<typeof sql>) =>
    sql`CASE WHEN ${exists(sql`${column} <= ${now}`)} OR ${exists(sql`${column} > ${now + SANE_WAIT_MS}`)} THEN 1 ELSE 0 END`;
  // One statement, since every edit waits for it. The local nameserver first: it is the nearest, and what it serves is what the page shows first.
  const rows = await db.$queryRaw<LoadedRow[]>(sql`
    SELECT ${COLUMNS}, ${dueAt(sql`z."retryAt"`)} AS "retries", ${dueAt(sql`z."verifyAt"`)} AS "checks",
      (SELECT c."value" FROM "ChangeSequence" c WHERE c."id" = 1) AS "head", (SELECT s."value" FROM "Setting" s WHERE s."key" = 'cluster') AS "cluster"
    FROM "Target" t WHERE ${isWorkedOn} ORDER BY COALESCE(t."memberId", 0)`);
  const [first] = rows;
  const { isEnabled } = settingsFrom("cluster", first?.cluster ?? null);
  const worked = rows.filter(({ memberId }) => memberId === null || isEnabled);
  const reaches = worked.some(({ memberId }) => memberId !== null) ? await readReaches(db) : NO_REACHES;
  return {
    head: Number(first?.head ?? 0),
    targets: worked.map((row) => ({
      target: stateOf(row, reaches),
      hasRetries: Number(row.retries) === 1,
      hasChecks: Number(row.checks) === 1,
    })),
  };
}

type LoadedRow = TargetRow &
  Readonly<Record<"retries" | "checks" | "head", number | bigint>> & { readonly cluster: string | null };

/** One target as it stands; null when it is gone, or not worked on any more. */
export async function loadTarget(ctx: Context, id: number): Promise<TargetState | null> {
  const [row] = await ctx.db.client.$queryRaw<TargetRow[]>(
    sql`SELECT ${COLUMNS} FROM "Target" t WHERE t."id" = ${id} AND ${isWorkedOn}`,
  );
  if (!row) return null;
  return stateOf(row, row.memberId === null ? NO_REACHES : await readReaches(ctx.db.client, row.memberId));
}

/** The target is asked what it holds before anything else is sent to it, at once. */
export async function requestCompare(tx: Queryable, targetId: number): Promise<void> {
  await tx.target.update({ where: { id: targetId }, data: { needsCompare: true, attempts: 0, retryAt: 0n } });
}
