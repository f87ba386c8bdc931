import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { assertAddable } from "@/lib/zones/assert-addable";
import type { ZoneRef } from "@/lib/zones/commit-revision";
import { findZone } from "@/lib/zones/zone-row";
import { fetchFrom } from "./ask-member";
import { heldWords, zoneHolders } from "./zone-holders";

/** What the page is told beside the zone. */
export interface AddedZone extends ZoneRef {
  /** Members that did not answer, by the names that the asker may see. */
  readonly silent: readonly string[];
}

/**
 * Adds a zone after asking the members that are not Write-only whether they have one of that name (`zoneHolders`). Of many at once, `importZones` asks.
 * @param input.ownerId who gets the zone; the asker when left out
 * @param input.isAnyway add it although a member has it: the newest copy wins, at both ends
 * @param add makes the zone
 * @throws AppError "conflict" (`details.heldBy`: names) when a member has it; whatever `add` throws
 */
export async function addZone(
  ctx: Context,
  actor: Actor,
  input: { name: string; ownerId?: number; isAnyway?: boolean },
  add: () => Promise<ZoneRef>,
): Promise<AddedZone> {
  const { name, ownerId } = input;
  const allowed = authorize(actor, "zone.create");
  // What is here decides first: nobody is asked about a name that cannot be added anyway.
  await assertAddable(ctx, allowed, name, await findZone(ctx.db.client, name));
  if (input.isAnyway) return { ...(await add()), silent: [] };
  const { heldBy, silent } = await zoneHolders(ctx, allowed, { names: [name], ownerId }, fetchFrom);
  const has = heldBy.get(name);
  if (has) throw new AppError("conflict", heldWords(name, has), { details: { heldBy: has } });
  return { ...(await add()), silent };
}
