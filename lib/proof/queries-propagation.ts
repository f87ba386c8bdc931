import { join, type Queryable, sql } from "@/lib/db/database";
import { type Percentiles, percentiles } from "./percentiles";
import type { PropagationWindow } from "./schemas";
import type { ProofTarget } from "./targets";

const HOUR = 60 * 60_000;

/** How far back each window looks, and in how many steps its chart shows that. */
const WINDOWS: Readonly<Record<PropagationWindow, { readonly ms: number; readonly steps: number }>> = {
  hour: { ms: HOUR, steps: 30 },
  day: { ms: 24 * HOUR, steps: 48 },
  week: { ms: 7 * 24 * HOUR, steps: 42 },
};

/** Changes looked at in one step of the chart, and deliveries in all of it: enough for a p99 that means something, and a page that stays fast after a bulk. */
const STEP_MOST = 200;
const MOST = 10_000;

export interface PropagationStep extends Percentiles {
  /** When it begins, epoch milliseconds. */
  readonly from: number;
}

/** From the commit of a change until a target's nameserver answered with it. */
export interface Propagation {
  readonly window: PropagationWindow;
  readonly until: number;
  readonly stepMs: number;
  readonly steps: readonly PropagationStep[];
  readonly all: Percentiles;
  readonly byTarget: ReadonlyMap<number, Percentiles>;
}

interface Wait {
  readonly targetId: number;
  readonly committedAt: number;
  readonly ms: number;
}

/**
 * Of the changes that were committed in the window; where a step has more than 200 of them, of 200 spread evenly over it. Of a reseller's zones each zone's newest
 * change: only those are found without reading what others did.
 */
export async function propagation(
  db: Queryable,
  input: {
    ownerId: number | null;
    targets: readonly ProofTarget[];
    window: PropagationWindow;
    now: number;
  },
): Promise<Propagation> {
  const { ms, steps } = WINDOWS[input.window];
  const stepMs = ms / steps;
  // Whole steps, so that what a step showed does not change as time goes on.
  const until = Math.ceil((input.now + 1) / stepMs) * stepMs;
  const from = Array.from({ length: steps }, (_, index) => until - (steps - index) * stepMs);
  const ids = input.targets.map(({ targetId }) => targetId);
  const most = Math.max(1, Math.floor(MOST / Math.max(1, ids.length) / steps));
  const seqs =
    input.ownerId === null
      ? await changesOf(db, from, Math.min(STEP_MOST, most))
      : await newestOf(db, input.ownerId, from[0] ?? until, Math.floor(MOST / Math.max(1, ids.length)));
  const waits = await readWaits(db, seqs, ids);
  const stepOf = (wait: Wait) => Math.floor((wait.committedAt - (from[0] ?? 0)) / stepMs);
  const byStep = groupBy(waits, stepOf);
  const byTarget = groupBy(waits, ({ targetId }) => targetId);
  const of = (some: readonly Wait[] | undefined) => percentiles((some ?? []).map((wait) => wait.ms));
  return {
    window: input.window,
    until,
    stepMs,
    steps: from.map((at, index) => ({ from: at, ...of(byStep.get(index)) })),
    all: of(waits),
    byTarget: new Map(ids.map((id) => [id, of(byTarget.get(id))])),
  };
}

function groupBy(waits: readonly Wait[], keyOf: (wait: Wait) => number): Map<number, Wait[]> {
  const groups = new Map<number, Wait[]>();
  for (const wait of waits) {
    const group = groups.get(keyOf(wait)) ?? [];
    group.push(wait);
    groups.set(keyOf(wait), group);
  }
  return groups;
}

/** Positions of changes of each step: all of them, or as many as `most` spread evenly. */
async function changesOf(db: Queryable, from: readonly number[], most: number): Promise<number[]> {
  const starts = from.map((at, index) => sql`(CAST(${index} AS INTEGER), CAST(${at} AS BIGINT))`);
  const rows = await db.$queryRaw<{ step: number | bigint; seq: number | bigint | null }[]>(sql`
    SELECT s."step", (SELECT r."seq" FROM "Revision" r WHERE r."createdAt" >= s."at" ORDER BY r."createdAt" LIMIT 1) AS "seq"
    FROM (SELECT "column1" AS "step", "column2" AS "at" FROM (VALUES ${join(starts)}) v) s ORDER BY s."step"`);
  const [newest] = await db.$queryRaw<{ seq: number | bigint | null }[]>(
    sql`SELECT max("seq") AS "seq" FROM "Revision"`,
  );
  const end = Number(newest?.seq ?? 0) + 1;
  const first = rows.map(({ seq }) => (seq === null ? end : Number(seq)));
  return first.flatMap((begin, index) => spread(begin, first[index + 1] ?? end, most));
}

function spread(begin: number, end: number, most: number): number[] {
  const count = end - begin;
  if (count <= 0) return [];
  const taken = Math.min(count, most);
  return Array.from({ length: taken }, (_, index) => begin + Math.floor((index * count) / taken));
}

async function newestOf(db: Queryable, ownerId: number, since: number, most: number): Promise<number[]> {
  const rows = await db.$queryRaw<{ seq: number | bigint }[]>(sql`
    SELECT n."changeSeq" AS "seq" FROM (
      SELECT z."changeSeq" FROM "Zone" z WHERE z."ownerId" = ${ownerId} ORDER BY z."changeSeq" DESC LIMIT ${most}) n
    JOIN "Revision" r ON r."seq" = n."changeSeq" WHERE r."createdAt" >= ${since}`);
  return rows.map(({ seq }) => Number(seq));
}

/** Rows in one statement: SQLite takes 32,766 parameters, and holds up the event loop while it runs one. */
const CHUNK = 1_000;

async function readWaits(db: Queryable, seqs: readonly number[], targetIds: readonly number[]): Promise<Wait[]> {
  if (targetIds.length === 0) return [];
  const waits: Wait[] = [];
  for (let at = 0; at < seqs.length; at += CHUNK) {
    const rows = await db.$queryRaw<{ targetId: number | bigint; servedAt: bigint; createdAt: bigint }[]>(sql`
      SELECT d."targetId", d."servedAt", r."createdAt" FROM "Delivery" d JOIN "Revision" r ON r."seq" = d."seq"
      WHERE d."seq" IN (${join(seqs.slice(at, at + CHUNK))}) AND d."targetId" IN (${join([...targetIds])}) AND d."servedAt" IS NOT NULL`);
    for (const { targetId, servedAt, createdAt } of rows) {
      const committedAt = Number(createdAt);
      waits.push({ targetId: Number(targetId), committedAt, ms: Math.max(0, Number(servedAt) - committedAt) });
    }
  }
  return waits;
}
