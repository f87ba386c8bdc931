import type { HeldRecord } from "./fit-zone";

/** A record that a service holds. */
export interface RemoteRecord {
  /** The service's own name for it. */
  readonly id: string;
  readonly host: string;
  /** Upper case. */
  readonly type: string;
  /** Seconds. */
  readonly ttl: number;
  /** Canonical; null: it cannot be read, so it is none of ours. */
  readonly rdata: string | null;
}

export type RecordChange =
  | { readonly kind: "create"; readonly record: HeldRecord }
  | { readonly kind: "update"; readonly before: RemoteRecord; readonly record: HeldRecord }
  | { readonly kind: "remove"; readonly before: RemoteRecord };

/**
 * The fewest changes that make the records of a service the wanted ones, in an order in which each is allowed and as little as possible is missing
 * meanwhile: first what stands in the way (a CNAME stands alone, RFC 1034 §3.6.2), then edits in place, additions, removals. Duplicates go.
 * @param remote without what is the service's own
 */
export function planChanges(wanted: readonly HeldRecord[], remote: readonly RemoteRecord[]): RecordChange[] {
  const missing = new Map(wanted.map((record) => [contentKey(record), record]));
  const spare = remote.filter((record) => !missing.delete(contentKey(record)));
  // Records that differ in nothing but the TTL first: no other one's data is to be written over what is right already.
  const kept = pairUp(spare, missing, (record) => `${setKey(record)} ${record.rdata}`);
  const edited = pairUp(kept.left, missing, setKey);
  const creations = [...missing.values()].map((record): RecordChange => ({ kind: "create", record }));
  const removals = edited.left.map((before) => ({ kind: "remove", before }) as const);
  const inTheWay = blocked([...missing.values()]);
  return [
    ...removals.filter(({ before }) => inTheWay(before)),
    ...kept.updates,
    ...edited.updates,
    ...creations,
    ...removals.filter(({ before }) => !inTheWay(before)),
  ];
}

const setKey = ({ host, type }: HeldRecord | RemoteRecord) => `${host} ${type}`;
const contentKey = (record: HeldRecord | RemoteRecord) => `${setKey(record)} ${record.ttl} ${record.rdata}`;

/** Turns spare records into missing ones of the same key. Takes the missing ones that it used out of `missing`. */
function pairUp(
  spare: readonly RemoteRecord[],
  missing: Map<string, HeldRecord>,
  keyOf: (record: HeldRecord | RemoteRecord) => string,
): { updates: RecordChange[]; left: RemoteRecord[] } {
  const open = new Map<string, HeldRecord[]>();
  for (const record of missing.values()) {
    const alike = open.get(keyOf(record));
    if (alike) alike.push(record);
    else open.set(keyOf(record), [record]);
  }
  const updates: RecordChange[] = [];
  const left = spare.filter((before) => {
    const record = open.get(keyOf(before))?.shift();
    if (!record) return true;
    missing.delete(contentKey(record));
    updates.push({ kind: "update", before, record });
    return false;
  });
  return { updates, left };
}

/** Whether a record has to go before the new ones can come: a CNAME and other records exclude each other. */
function blocked(coming: readonly HeldRecord[]): (record: RemoteRecord) => boolean {
  const aliases = new Set(coming.filter(({ type }) => type === "CNAME").map(({ host }) => host));
  const others = new Set(coming.filter(({ type }) => type !== "CNAME").map(({ host }) => host));
  return ({ host, type }) => aliases.has(host) || (type === "CNAME" && others.has(host));
}
