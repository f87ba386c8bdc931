import { commitTimes } from "@/lib/metrics/commit-times";
import { type RawQueryable, sql } from "./database";

/**
 * Takes the next `count` numbers of the change sequence and keeps everybody else out until the transaction ends: numbers become visible in
 * commit order, so a reader that has seen n has seen everything before it. Call it first in a transaction that changes zones.
 * @returns the first of the numbers; they are consecutive.
 */
export async function takeSequence(tx: RawQueryable, count: number): Promise<number> {
  const rows = await tx.$queryRaw<{ value: bigint }[]>(
    sql`UPDATE "ChangeSequence" SET "value" = "value" + ${count} WHERE "id" = 1 RETURNING "value"`,
  );
  const first = Number(rows[0]?.value) - count + 1;
  commitTimes.note(first, count, Date.now());
  return first;
}

/** The newest number handed out and committed. */
export async function currentSequence(db: RawQueryable): Promise<number> {
  const rows = await db.$queryRaw<{ value: bigint }[]>(sql`SELECT "value" FROM "ChangeSequence" WHERE "id" = 1`);
  return Number(rows[0]?.value);
}
