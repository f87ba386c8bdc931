/**
 * Edits that a person has made in the zone editor and not saved: pure data, kept over a reload, undone one by one, turned into the one change that is saved.
 * An edit remembers the record it was made on, so that it can be put onto a newer revision.
 */
import type { ZoneChange } from "@/lib/dns/changes";
import { recordDiff, type ZoneDiff } from "@/lib/dns/diff";
import type { RRset, Zone } from "@/lib/dns/zone";
import { type ZoneRecord, zoneRecords } from "@/lib/dns/zone-build";

/** `before` null: an added record; `after` null: a removed one; both: a changed one. */
export interface StagedEdit {
  readonly id: number;
  readonly before: ZoneRecord | null;
  readonly after: ZoneRecord | null;
}

/** A line of the editor's table. */
export interface EditorRow {
  readonly key: string;
  /** As it will be; of a removed record as it is. */
  readonly record: ZoneRecord;
  readonly status: "same" | "added" | "changed" | "removed" | "ttl-changed" | "gone";
  readonly edit: StagedEdit | null;
}

export const recordKey = (record: Pick<ZoneRecord, "owner" | "type" | "rdata">): string =>
  `${record.owner} ${record.type} ${record.rdata}`;
const setKey = (record: Pick<ZoneRecord, "owner" | "type">): string => `${record.owner} ${record.type}`;

/**
 * Adds an edit, or folds it into one that is there: an added record that is edited stays added, a changed one that is changed back is no edit.
 * @param target the record on screen that is edited or removed; null: a new record
 * @param wanted how it shall be; null: removed
 */
export function stageEdit(
  edits: readonly StagedEdit[],
  target: EditorRow | null,
  wanted: ZoneRecord | null,
): StagedEdit[] {
  const id = Math.max(0, ...edits.map((edit) => edit.id)) + 1;
  if (target === null) return wanted ? [...edits, { id, before: null, after: wanted }] : [...edits];
  const others = edits.filter((edit) => edit !== target.edit);
  const before = target.edit ? target.edit.before : target.record;
  if (before === null && wanted === null) return others;
  if (before && wanted && recordKey(before) === recordKey(wanted) && before.ttl === wanted.ttl) return others;
  const edit = { id: target.edit?.id ?? id, before, after: wanted };
  return [...others, edit].sort((a, b) => a.id - b.id);
}

/** The edits as the change that is saved. One that moves a record to another name or type is a removal and an addition. */
export function changesOfEdits(edits: readonly StagedEdit[]): ZoneChange[] {
  return edits.flatMap(changesOfEdit);
}

function changesOfEdit({ before, after }: StagedEdit): ZoneChange[] {
  const seen = before && { ttl: before.ttl, rdata: before.rdata };
  if (before && seen && after && setKey(before) === setKey(after)) return [{ kind: "replace", ...after, before: seen }];
  const remove: ZoneChange[] = before && seen ? [{ kind: "remove", ...before, before: seen }] : [];
  return after ? [...remove, { kind: "add", ...after }] : remove;
}

/** The edit that a change (which has been to the server and back) came from. */
export function editOfChange(edits: readonly StagedEdit[], change: ZoneChange): StagedEdit | undefined {
  const isSame = (other: ZoneChange) => other.kind === change.kind && recordKey(other) === recordKey(change);
  return edits.find((edit) => changesOfEdit(edit).some(isSame));
}

/** The edits that lead to what stands in a diff: from the text of a whole zone file back to records. */
export function editsOfDiff(diff: ZoneDiff): StagedEdit[] {
  const edits: Omit<StagedEdit, "id">[] = [];
  for (const entry of diff.rrsets) {
    const { removed, added, ttlChanged } = recordDiff(entry);
    const { owner, type } = entry;
    const old = (rdata: string): ZoneRecord => ({ owner, type, ttl: entry.before?.ttl ?? 0, rdata });
    const fresh = (rdata: string): ZoneRecord => ({ owner, type, ttl: entry.after?.ttl ?? 0, rdata });
    for (let at = 0; at < Math.max(removed.length, added.length); at++) {
      const [from, to] = [removed[at], added[at]];
      edits.push({ before: from === undefined ? null : old(from), after: to === undefined ? null : fresh(to) });
    }
    const kept = entry.after?.rdatas[0];
    if (ttlChanged && added.length === 0 && kept !== undefined) edits.push({ before: old(kept), after: fresh(kept) });
  }
  return edits.map((edit, index) => ({ id: index + 1, ...edit }));
}

/**
 * The table: added records first, where the person who added them looks, then the zone's records in their order.
 * A TTL belongs to the RRset (RFC 2181 §5.2), so an edit of one record's TTL shows at its siblings.
 * An edit whose record somebody else took away comes first of all, as "gone".
 */
export function editorRows(zone: Zone, edits: readonly StagedEdit[]): EditorRow[] {
  const byRecord = new Map(edits.flatMap((edit) => (edit.before ? [[recordKey(edit.before), edit]] : [])));
  const ttls = stagedTtls(edits);
  const rows: EditorRow[] = [];
  for (const record of zoneRecords(zone)) {
    const key = recordKey(record);
    const edit = byRecord.get(key) ?? soaEdit(record, byRecord);
    const ttl = ttls.get(setKey(record)) ?? record.ttl;
    if (!edit)
      rows.push({ key, record: { ...record, ttl }, status: ttl === record.ttl ? "same" : "ttl-changed", edit: null });
    else rows.push({ key, record: edit.after ?? record, status: edit.after ? "changed" : "removed", edit });
    if (edit?.before) byRecord.delete(recordKey(edit.before));
  }
  const gone = [...byRecord.values()].map((edit): EditorRow => rowOfEdit(edit, "gone"));
  const added = edits.filter((edit) => edit.before === null).map((edit) => rowOfEdit(edit, "added"));
  return [...gone, ...added.reverse(), ...rows];
}

function rowOfEdit(edit: StagedEdit, status: "gone" | "added"): EditorRow {
  const record = edit.after ?? edit.before;
  if (!record) throw new RangeError("An edit has neither a record before nor one after.");
  return { key: `edit ${edit.id}`, record, status, edit };
}

/** A SOA's serial moves with every revision; an edit of it is still an edit of this SOA. */
function soaEdit(record: ZoneRecord, byRecord: ReadonlyMap<string, StagedEdit>): StagedEdit | undefined {
  if (record.type !== "SOA") return undefined;
  return [...byRecord.values()].find((edit) => edit.before?.type === "SOA" && edit.before.owner === record.owner);
}

function stagedTtls(edits: readonly StagedEdit[]): Map<string, number> {
  const ttls = new Map<string, number>();
  for (const { before, after } of edits)
    if (after && (!before || before.ttl !== after.ttl || setKey(before) !== setKey(after)))
      ttls.set(setKey(after), after.ttl);
  return ttls;
}

/** Turns an edit that no longer fits so that it does, on what is there now. */
export function reapplyEdit(edit: StagedEdit, current: RRset | null): StagedEdit | null {
  const { before, after } = edit;
  if (!after) return before && current?.rdatas.includes(before.rdata) ? edit : null;
  const isThere = before && current?.rdatas.includes(before.rdata);
  return { ...edit, before: isThere && current ? { ...before, ttl: current.ttl } : null };
}

/** What the filter row of the table lets through. */
export interface RecordFilter {
  readonly text: string;
  /** Empty: every type. */
  readonly type: string;
}

export function filterRows(
  rows: readonly EditorRow[],
  filter: RecordFilter,
  displayName: (owner: string) => string,
): readonly EditorRow[] {
  const text = filter.text.trim().toLowerCase();
  if (text === "" && filter.type === "") return rows;
  return rows.filter(({ record }) => {
    if (filter.type !== "" && record.type !== filter.type) return false;
    return (
      text === "" ||
      record.owner.includes(text) ||
      record.rdata.toLowerCase().includes(text) ||
      displayName(record.owner).toLowerCase().includes(text)
    );
  });
}
