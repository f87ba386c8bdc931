import { recordDiff, sameSoa, type ZoneDiff } from "./diff";
import type { RRset, Zone } from "./zone";
import { sortRRsets } from "./zone-build";

/** One edit of one record, as data: what a person or a client wants, and what they had before their eyes. All text canonical. */
export interface ZoneChange {
  readonly kind: "add" | "remove" | "replace";
  readonly owner: string;
  readonly type: string;
  /** Seconds; what the record shall have. Not looked at for "remove". */
  readonly ttl: number;
  /** The record to add, to remove, or to put in place of `before`. */
  readonly rdata: string;
  /** The record as it was seen: what "replace" takes away, and for "remove" the TTL it had. */
  readonly before?: { readonly ttl: number; readonly rdata: string };
}

/** An edit that was not applied. */
export interface ChangeConflict {
  readonly change: ZoneChange;
  /** "record-gone": somebody removed or changed the record in between; "ttl-changed": both changed its TTL, to different values. */
  readonly reason: "record-gone" | "ttl-changed";
  /** The RRset of the newest revision, `null` when there is none. */
  readonly current: RRset | null;
}

interface Draft {
  /** The RRset before any of the edits. */
  stored: RRset | null;
  ttl: number;
  readonly rdatas: Set<string>;
}

/**
 * Applies edits to the newest revision, which may have moved on since the edits were made. An edit conflicts only when the record that it replaces
 * or removes is no longer there as it was seen; an edit that somebody made already is done, not a conflict.
 *
 * TTLs belong to the RRset (RFC 2181 §5.2): "add" sets the TTL of the whole RRset to its own, as RFC 2136 servers do. "replace" does so only when
 * it changes the TTL (`ttl` differs from `before.ttl`); otherwise a TTL that somebody else has set in between stays.
 *
 * A SOA is compared without its serial, which moves with every revision; the newest serial stays unless the edit itself changes it.
 * @returns the zone with every edit that could be applied, in the order given, and the conflicts. The serial is not bumped.
 */
export function applyChanges(zone: Zone, changes: readonly ZoneChange[]): { zone: Zone; conflicts: ChangeConflict[] } {
  const drafts = openDrafts(zone, changes);
  const conflicts: ChangeConflict[] = [];
  for (const change of changes) {
    const draft = drafts.get(keyOf(change));
    const reason = draft && applyChange(draft, change);
    if (draft && reason) conflicts.push({ change, reason, current: draft.stored });
  }
  return { zone: conflicts.length === changes.length ? zone : closeDrafts(zone, changes, drafts), conflicts };
}

/** The edits that lead from one zone to the other, for the RRsets of a diff. */
export function changesOf(diff: ZoneDiff): ZoneChange[] {
  return diff.rrsets.flatMap((entry): ZoneChange[] => {
    const { owner, type, before, after } = entry;
    const { removed, added, ttlChanged } = recordDiff(entry);
    const ttl = after?.ttl ?? before?.ttl ?? 0;
    const seen = (rdata: string) => ({ ttl: before?.ttl ?? ttl, rdata });
    const pairs = type === "SOA" ? Math.min(removed.length, added.length) : 0;
    const changes: ZoneChange[] = [
      ...added.slice(0, pairs).map(
        (rdata, index): ZoneChange => ({
          kind: "replace",
          owner,
          type,
          ttl,
          rdata,
          before: seen(removed[index] ?? ""),
        }),
      ),
      ...removed
        .slice(pairs)
        .map((rdata): ZoneChange => ({ kind: "remove", owner, type, ttl, rdata, before: seen(rdata) })),
      ...added.slice(pairs).map((rdata): ZoneChange => ({ kind: "add", owner, type, ttl, rdata })),
    ];
    const [kept] = after?.rdatas ?? [];
    if (ttlChanged && added.length === 0 && kept !== undefined) {
      changes.push({ kind: "replace", owner, type, ttl, rdata: kept, before: seen(kept) });
    }
    return changes;
  });
}

const keyOf = ({ owner, type }: { owner: string; type: string }): string => `${owner} ${type}`;

function openDrafts(zone: Zone, changes: readonly ZoneChange[]): Map<string, Draft> {
  const drafts = new Map<string, Draft>(
    changes.map((change) => [keyOf(change), { stored: null, ttl: change.ttl, rdatas: new Set<string>() }]),
  );
  for (const rrset of zone.rrsets) {
    const draft = drafts.get(keyOf(rrset));
    if (!draft) continue;
    draft.stored = rrset;
    draft.ttl = rrset.ttl;
    for (const rdata of rrset.rdatas) draft.rdatas.add(rdata);
  }
  return drafts;
}

function closeDrafts(zone: Zone, changes: readonly ZoneChange[], drafts: Map<string, Draft>): Zone {
  const rrsets = zone.rrsets.filter((rrset) => !drafts.has(keyOf(rrset)));
  for (const change of changes) {
    const draft = drafts.get(keyOf(change));
    const rrset = draft && rrsetOf(change, draft);
    if (rrset) rrsets.push(rrset);
    drafts.delete(keyOf(change));
  }
  return { apex: zone.apex, rrsets: sortRRsets(zone.apex, rrsets) };
}

function rrsetOf({ owner, type }: ZoneChange, { ttl, rdatas }: Draft): RRset | null {
  return rdatas.size === 0 ? null : { owner, type, ttl, rdatas: [...rdatas].sort() };
}

/** Edits the draft, or says why not and leaves it as it is. */
function applyChange(draft: Draft, change: ZoneChange): ChangeConflict["reason"] | undefined {
  switch (change.kind) {
    case "add":
      draft.rdatas.add(change.rdata);
      draft.ttl = change.ttl;
      return undefined;
    case "remove": {
      const present = findRecord(draft, change.type, change.rdata);
      if (present === undefined) return "record-gone";
      draft.rdatas.delete(present);
      return undefined;
    }
    case "replace":
      return replaceRecord(draft, change);
  }
}

function replaceRecord(draft: Draft, change: ZoneChange): ChangeConflict["reason"] | undefined {
  const before = change.before ?? { ttl: change.ttl, rdata: change.rdata };
  const wanted = findRecord(draft, change.type, change.rdata);
  const present = findRecord(draft, change.type, before.rdata);
  if (present === undefined && wanted === undefined) return "record-gone";
  const changesTtl = change.ttl !== before.ttl;
  if (changesTtl && draft.ttl !== before.ttl && draft.ttl !== change.ttl) return "ttl-changed";
  if (present !== undefined) {
    draft.rdatas.delete(present);
    draft.rdatas.add(change.type === "SOA" ? soaWithSerial(change.rdata, before.rdata, present) : change.rdata);
  }
  if (changesTtl) draft.ttl = change.ttl;
  return undefined;
}

function findRecord(draft: Draft, type: string, rdata: string): string | undefined {
  if (draft.rdatas.has(rdata)) return rdata;
  return type === "SOA" ? [...draft.rdatas].find((present) => sameSoa(present, rdata)) : undefined;
}

/** The edited SOA with the newest serial, unless the edit was about the serial. */
function soaWithSerial(edited: string, before: string, present: string): string {
  const fields = edited.split(" ");
  return fields[2] === before.split(" ")[2] ? fields.toSpliced(2, 1, present.split(" ")[2] ?? "0").join(" ") : edited;
}
