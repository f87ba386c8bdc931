import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { AppError, DriverError } from "@/lib/errors";
import { openMemberDriver } from "@/lib/members/open-driver";
import { assertAddable } from "@/lib/zones/assert-addable";
import type { ZoneRef } from "@/lib/zones/commit-revision";
import { findZone } from "@/lib/zones/zone-row";
import { type AskMember, heldWords, zoneHolders } from "./zone-holders";

/** A dead member holds up adding a zone no longer than this, and all are asked at once. */
const LIMIT_MS = 4_000;

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

/** Asks for the zones themselves: for one that is the least work at both ends. */
const fetchFrom: AskMember = async (ctx, member, names) => {
  try {
    const driver = await openMemberDriver(ctx, member);
    if (!driver.capabilities.read.supported) return new Set();
    const found = await driver.fetch(names, AbortSignal.timeout(LIMIT_MS));
    return new Set(found.map(({ name }) => name));
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    return null;
  }
};
