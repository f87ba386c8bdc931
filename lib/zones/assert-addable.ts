import type { Authorized } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { join, type RawQueryable, sql } from "@/lib/db/database";
import { joinLabels } from "@/lib/dns/labels";
import { labelsOf } from "@/lib/dns/name";
import { AppError } from "@/lib/errors";
import { isPublicSuffix, publicSuffixWords } from "./public-suffix";
import type { StoredZone } from "./zone-row";

/**
 * Whether a zone of this name can be added.
 * @param stored the row of that name, if there is one
 * @throws AppError "conflict" when the zone exists or rests in the recycle bin, and for a reseller when the name lies in somebody else's zone, or is a
 *   public suffix. What of somebody else's is in the way is not told; that something is cannot be hidden.
 */
export async function assertAddable(
  ctx: Context,
  allowed: Authorized,
  name: string,
  stored: StoredZone | null,
): Promise<void> {
  const shown = name.replace(/\.$/, "");
  const isThere = stored !== null && stored.purgedAt === null;
  const isTheirs = isThere && allowed.ownerId !== null && allowed.ownerId !== stored.ownerId;
  if (isTheirs || (await liesInOthersZone(ctx.db.client, allowed.ownerId, name)))
    throw new AppError("conflict", `${shown} cannot be added on this server. Ask root.`);
  if (!isThere) {
    if (allowed.ownerId !== null && isPublicSuffix(name)) throw new AppError("conflict", publicSuffixWords(name));
    return;
  }
  const message =
    stored.deletedAt === null
      ? `${shown} exists already. Open it to change it.`
      : `${shown} rests in the recycle bin. Restore it from the recycle bin, or delete it there for good first.`;
  throw new AppError("conflict", message);
}

/**
 * A nameserver answers from the deepest zone that it has, so that a zone www.example.com takes its names away from whoever has example.com here.
 * @param ownerId null: root, who may
 */
export async function liesInOthersZone(db: RawQueryable, ownerId: number | null, name: string): Promise<boolean> {
  if (ownerId === null) return false;
  const labels = labelsOf(name);
  const above = labels.slice(1).map((_, index) => joinLabels(labels.slice(index + 1)));
  if (above.length === 0) return false;
  const found = await db.$queryRaw<{ id: number | bigint }[]>(sql`
    SELECT "id" FROM "Zone" WHERE "name" IN (${join(above)}) AND "purgedAt" IS NULL AND "ownerId" <> ${ownerId} LIMIT 1`);
  return found.length > 0;
}
