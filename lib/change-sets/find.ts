import { type Actor, actorId } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";
import { AppError } from "@/lib/errors";
import type { ChangeSet as Row } from "@/prisma/generated/sqlite/client";
import { type ChangeSet, changeSetOf } from "./change-set";
import { seen } from "./touched";

/** Change sets `s` that an actor may see: a reseller those that touched zones of theirs, and plans and undoing of their own. */
export function visibleSets(actor: Actor) {
  const { ownerId } = authorize(actor, "zone.read");
  if (ownerId === null) return sql`1 = 1`;
  return sql`((s."actorId" = ${actorId(actor)} AND s."kind" IN ('replace', 'undo')) OR EXISTS (
    SELECT 1 FROM "Revision" r JOIN "Zone" z ON z."id" = r."zoneId" WHERE r."changeSetId" = s."id" ${seen(ownerId)}))`;
}

/** @throws AppError "not-found", also for one that only others' zones are in */
export async function findChangeSet(ctx: Context, actor: Actor, id: number): Promise<ChangeSet> {
  const [row] = await ctx.db.client.$queryRaw<Row[]>(
    sql`SELECT s.* FROM "ChangeSet" s WHERE s."id" = ${id} AND ${visibleSets(actor)}`,
  );
  if (!row) throw new AppError("not-found", "There is no such change set here. Old ones are not kept.");
  return changeSetOf(row);
}
