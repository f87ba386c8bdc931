import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { assertAddable } from "@/lib/zones/assert-addable";
import type { ZoneRef } from "@/lib/zones/commit-revision";
import { findZone } from "@/lib/zones/zone-row";
import { fetchFrom } from "./ask-member";
import { heldWords, othersWords, zoneHolders } from "./zone-holders";

/** What the page is told beside the zone. */
export interface AddedZone extends ZoneRef {
  /** Members that did not answer, by the names that the asker may see. */
  readonly silent: readonly string[];
}

/**
 * Adds a zone after asking the members that are not Write-only whether they have one of that name (`zoneHolders`). Of many at once, `importZones` asks.
 * @param input.ownerId who gets the zone; the asker when left out
 * @param input.isAnyway add it although a member has it: the newest copy wins, at both ends. A reseller decides that of own members only: whoever has the
 *   zone in the cluster would find it, and its edits, in the reseller's hands.
 * @param add makes the zone
 * @throws AppError "conflict" when a member has it (`details.heldBy`: names, where `isAnyway` would help); whatever `add` throws
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
  if (input.isAnyway && allowed.ownerId === null) return { ...(await add()), silent: [] };
  const { heldBy, others, silent } = await zoneHolders(ctx, allowed, { names: [name], ownerId }, fetchFrom);
  if (others.has(name)) throw new AppError("conflict", othersWords(name));
  const has = heldBy.get(name);
  if (has && !input.isAnyway) throw new AppError("conflict", heldWords(name, has), { details: { heldBy: has } });
  return { ...(await add()), silent };
}
