import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { type ReceiveOutcome, receiveZones } from "@/lib/zones/receive";
import { findZones } from "@/lib/zones/zone-row";
import type { AskMember } from "./ask-member";
import { othersWords, zoneHolders } from "./zone-holders";

/**
 * `receiveZones` for zones that are brought by somebody. What a reseller brings and is not here yet is refused where a member has it that is not the
 * reseller's own, as `addZone` does: that member would answer with its newer copy, or take the reseller's edits.
 * @returns one outcome for each name, in no order
 * @throws AppError "forbidden"
 */
export async function receiveUnheld(
  ctx: Context,
  actor: Actor,
  input: Parameters<typeof receiveZones>[2],
  ask: AskMember,
): Promise<ReceiveOutcome[]> {
  const others = await heldByOthers(ctx, actor, [...new Set(input.items.map(({ name }) => name))], ask);
  const items = input.items.filter(({ name }) => !others.has(name));
  const refused = [...others].map((name): ReceiveOutcome => ({ name, status: "refused", message: othersWords(name) }));
  return items.length === 0 ? refused : [...refused, ...(await receiveZones(ctx, actor, { ...input, items }))];
}

async function heldByOthers(
  ctx: Context,
  actor: Actor,
  names: readonly string[],
  ask: AskMember,
): Promise<ReadonlySet<string>> {
  const allowed = authorize(actor, "cluster.member");
  if (allowed.ownerId === null) return new Set();
  const here = await findZones(ctx.db.client, names);
  const missing = names.filter((name) => {
    const stored = here.get(name);
    return !stored || stored.purgedAt !== null;
  });
  return (await zoneHolders(ctx, allowed, { names: missing, isAboutOthers: true }, ask)).others;
}
