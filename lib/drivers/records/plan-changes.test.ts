import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HeldRecord } from "./fit-zone";
import { planChanges, type RecordChange, type RemoteRecord } from "./plan-changes";

const held = (host: string, type: string, rdata: string, ttl = 300): HeldRecord => ({ host, type, ttl, rdata });
const remote = (id: string, host: string, type: string, rdata: string | null, ttl = 300): RemoteRecord => ({
  id,
  host,
  type,
  ttl,
  rdata,
});
const words = (change: RecordChange) =>
  change.kind === "create"
    ? `create ${change.record.host} ${change.record.type} ${change.record.rdata}`
    : change.kind === "remove"
      ? `remove ${change.before.id}`
      : `update ${change.before.id} ${change.record.rdata} ${change.record.ttl}`;

describe("planChanges", () => {
  it.each<[string, HeldRecord[], RemoteRecord[], string[]]>([
    ["nothing for what is alike", [held("a", "A", "192.0.2.1")], [remote("1", "a", "A", "192.0.2.1")], []],
    ["an addition", [held("a", "A", "192.0.2.1")], [], ["create a A 192.0.2.1"]],
    [
      "an edit in place",
      [held("a", "A", "192.0.2.2")],
      [remote("1", "a", "A", "192.0.2.1")],
      ["update 1 192.0.2.2 300"],
    ],
    [
      "a duplicate away",
      [held("a", "A", "192.0.2.1")],
      [remote("1", "a", "A", "192.0.2.1"), remote("2", "a", "A", "192.0.2.1")],
      ["remove 2"],
    ],
    [
      "an unreadable one over",
      [held("a", "A", "192.0.2.1")],
      [remote("1", "a", "A", null)],
      ["update 1 192.0.2.1 300"],
    ],
    [
      "TTLs before data",
      [held("a", "A", "192.0.2.1", 600), held("a", "A", "192.0.2.3", 600)],
      [remote("1", "a", "A", "192.0.2.9"), remote("2", "a", "A", "192.0.2.1")],
      ["update 2 192.0.2.1 600", "update 1 192.0.2.3 600"],
    ],
    [
      "additions before removals",
      [held("b", "A", "192.0.2.1")],
      [remote("1", "a", "A", "192.0.2.1")],
      ["create b A 192.0.2.1", "remove 1"],
    ],
    [
      "what a CNAME excludes first",
      [held("a", "CNAME", "x.example."), held("b", "A", "192.0.2.1")],
      [remote("1", "c", "A", "192.0.2.1"), remote("2", "a", "A", "192.0.2.1"), remote("3", "b", "CNAME", "x.example.")],
      ["remove 2", "remove 3", "create a CNAME x.example.", "create b A 192.0.2.1", "remove 1"],
    ],
  ])("makes %s", (_, wanted, there, changes) => {
    expect(planChanges(wanted, there).map(words)).toEqual(changes);
  });

  const record = fc.record({
    host: fc.constantFrom("@", "a", "b"),
    type: fc.constantFrom("A", "TXT", "CNAME"),
    ttl: fc.constantFrom(60, 300),
    rdata: fc.constantFrom("one", "two", "three", "four"),
  });
  const key = ({ host, type, ttl, rdata }: HeldRecord | RemoteRecord) => `${host} ${type} ${ttl} ${rdata}`;

  it("makes any records any others, in no more steps than records differ, and has nothing to do then", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(record, { selector: (one) => `${one.host} ${one.type} ${one.rdata}`, maxLength: 12 }),
        fc.array(record, { maxLength: 12 }),
        (wanted, start) => {
          const there = start.map((one, index): RemoteRecord => ({ ...one, id: `r${index}` }));
          const changes = planChanges(wanted, there);
          const after = applied(there, changes);
          expect(after.map(key).sort()).toEqual(wanted.map(key).sort());
          expect(planChanges(wanted, after)).toEqual([]);
          const alike = new Set(wanted.map(key).filter((one) => there.some((other) => key(other) === one))).size;
          expect(changes.length).toBeLessThanOrEqual(wanted.length + there.length - 2 * alike);
        },
      ),
    );
  });
});

function applied(there: readonly RemoteRecord[], changes: readonly RecordChange[]): RemoteRecord[] {
  const records = new Map(there.map((one) => [one.id, one]));
  for (const [index, change] of changes.entries()) {
    if (change.kind === "remove") records.delete(change.before.id);
    else {
      const id = change.kind === "update" ? change.before.id : `new${index}`;
      records.set(id, { ...change.record, id });
    }
  }
  return [...records.values()];
}
