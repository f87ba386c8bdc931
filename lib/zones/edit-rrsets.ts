import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { changesOf } from "@/lib/dns/changes";
import { diffZones } from "@/lib/dns/diff";
import type { RRset, Zone } from "@/lib/dns/zone";
import { sortRRsets } from "@/lib/dns/zone-build";
import { AppError } from "@/lib/errors";
import { readSettings } from "@/lib/settings/settings";
import type { ZoneRef } from "./commit-revision";
import { getZone } from "./queries";
import { editZone } from "./service";

/**
 * What a program wants of an RRset, without having looked at it: that these values are among it, that they are not, or that they are all of it. All text canonical.
 */
export interface RrsetEdit {
  readonly kind: "add" | "remove" | "set";
  readonly owner: string;
  readonly type: string;
  /** Seconds; left out: the RRset keeps its own, and a new one gets the server's default. */
  readonly ttl?: number | undefined;
  /** Values; "set" to none takes the RRset away. */
  readonly rdatas: readonly string[];
}

const MAX_RACES = 20;

/**
 * Edits RRsets, all of `input.edits` in their order or none. Edits at once do not undo each other: values that two add to one RRset are both there afterwards, and a value
 * that is to go and is gone already is no error.
 * @returns where the zone stands, and whether anything had to be changed for it
 * @throws AppError "not-found"; "invalid-input" with `details.problems`; "conflict" when the same records keep changing
 */
export async function editRrsets(
  ctx: Context,
  actor: Actor,
  input: { readonly name: string; readonly edits: readonly RrsetEdit[]; readonly reason?: string },
): Promise<ZoneRef & { readonly isChanged: boolean }> {
  // Before the zone is looked for: who may not change zones is not told of one.
  authorize(actor, "zone.write");
  const { defaultTtl } = await readSettings(ctx.db.client, "zones");
  for (let races = 1; ; races++) {
    const { name, zone, seq, serial, digest, updatedAt } = await getZone(ctx, actor, input.name);
    const changes = changesOf(diffZones(zone, withEdits(zone, input.edits, defaultTtl)));
    if (changes.length === 0) return { name, seq, serial, digest, updatedAt, isChanged: false };
    try {
      const ref = await editZone(ctx, actor, { name, changes, baseSeq: seq, reason: input.reason ?? "" });
      return { ...ref, isChanged: ref.seq !== seq };
    } catch (error) {
      // Somebody changed these records since they were read: what is wanted is computed again from what they are now.
      if (!(error instanceof AppError && error.code === "conflict") || races >= MAX_RACES) throw error;
    }
  }
}

/** The zone as the edits want it. Its serial is not moved. */
export function withEdits(zone: Zone, edits: readonly RrsetEdit[], defaultTtl: number): Zone {
  const rrsets = new Map(zone.rrsets.map((rrset) => [keyOf(rrset), rrset]));
  for (const edit of edits) {
    const before = rrsets.get(keyOf(edit));
    const after = edited(before, edit, defaultTtl);
    if (after) rrsets.set(keyOf(edit), after);
    else rrsets.delete(keyOf(edit));
  }
  return { apex: zone.apex, rrsets: sortRRsets(zone.apex, [...rrsets.values()]) };
}

const keyOf = ({ owner, type }: { owner: string; type: string }) => `${owner} ${type}`;

function edited(
  before: RRset | undefined,
  { kind, owner, type, ttl, rdatas }: RrsetEdit,
  defaultTtl: number,
): RRset | null {
  const present = before?.rdatas ?? [];
  const named = new Set(rdatas);
  const wanted =
    kind === "remove"
      ? present.filter((rdata) => !named.has(rdata))
      : kind === "set"
        ? rdatas
        : [...present, ...rdatas];
  if (wanted.length === 0) return null;
  return { owner, type, ttl: ttl ?? before?.ttl ?? defaultTtl, rdatas: [...new Set(wanted)].sort() };
}
