import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyChanges } from "@/lib/dns/changes";
import { diffZones, isEmptyDiff } from "@/lib/dns/diff";
import type { Zone } from "@/lib/dns/zone";
import { makeZone, type ZoneRecord } from "@/lib/dns/zone-build";
import {
  changesOfEdits,
  editorRows,
  editsOfDiff,
  filterRows,
  reapplyEdit,
  type StagedEdit,
  stageEdit,
} from "./staged-edits";

const APEX = "example.com.";
const soa = (serial: number): ZoneRecord => ({
  owner: APEX,
  type: "SOA",
  ttl: 3600,
  rdata: `ns1.example.net. hostmaster.example.com. ${serial} 3600 600 604800 300`,
});
const a = (label: string, last: number, ttl = 3600): ZoneRecord => ({
  owner: `${label}.${APEX}`,
  type: "A",
  ttl,
  rdata: `192.0.2.${last}`,
});
const zone = makeZone(APEX, [soa(7), a("www", 1), a("www", 2), a("mail", 3)]);
const rowOf = (rows: ReturnType<typeof editorRows>, record: ZoneRecord) => {
  const row = rows.find(
    (candidate) => candidate.record.owner === record.owner && candidate.record.rdata === record.rdata,
  );
  if (!row) throw new Error(`no row for ${record.owner} ${record.rdata}`);
  return row;
};
const statuses = (edits: readonly StagedEdit[], of: Zone = zone) =>
  editorRows(of, edits).map(
    (row) => `${row.record.owner.split(".")[0]} ${row.record.rdata.split(" ")[0]} ${row.status}`,
  );

describe("stageEdit", () => {
  const row = rowOf(editorRows(zone, []), a("mail", 3));

  it("marks an added, a changed and a removed record", () => {
    let edits = stageEdit([], row, a("mail", 9));
    edits = stageEdit(edits, null, a("new", 5));
    edits = stageEdit(edits, rowOf(editorRows(zone, edits), a("www", 1)), null);
    expect(statuses(edits)).toEqual([
      "new 192.0.2.5 added",
      "example ns1.example.net. same",
      "mail 192.0.2.9 changed",
      "www 192.0.2.1 removed",
      "www 192.0.2.2 same",
    ]);
  });

  it("folds a change that is changed back into nothing", () => {
    const once = stageEdit([], row, a("mail", 9));
    const [changed] = editorRows(zone, once).filter((candidate) => candidate.edit);
    expect(stageEdit(once, changed ?? null, a("mail", 3))).toEqual([]);
  });

  it("forgets an added record that is removed again", () => {
    const once = stageEdit([], null, a("new", 5));
    const [added] = editorRows(zone, once);
    expect(stageEdit(once, added ?? null, null)).toEqual([]);
  });

  it("keeps an edited added record an addition", () => {
    const once = stageEdit([], null, a("new", 5));
    const [added] = editorRows(zone, once);
    expect(changesOfEdits(stageEdit(once, added ?? null, a("new", 6)))).toEqual([{ kind: "add", ...a("new", 6) }]);
  });
});

describe("changesOfEdits", () => {
  it("replaces where name and type stay, removes and adds where they do not", () => {
    const before = a("mail", 3);
    const seen = { ttl: 3600, rdata: "192.0.2.3" };
    expect(changesOfEdits([{ id: 1, before, after: a("mail", 4) }])).toEqual([
      { kind: "replace", ...a("mail", 4), before: seen },
    ]);
    expect(changesOfEdits([{ id: 1, before, after: a("post", 3) }])).toEqual([
      { kind: "remove", ...before, before: seen },
      { kind: "add", ...a("post", 3) },
    ]);
  });
});

describe("editorRows", () => {
  it("shows a TTL that is edited at one record at its whole RRset", () => {
    const edits = stageEdit([], rowOf(editorRows(zone, []), a("www", 1)), a("www", 1, 60));
    const row = rowOf(editorRows(zone, edits), a("www", 2));
    expect([row.status, row.record.ttl]).toEqual(["ttl-changed", 60]);
  });

  it("keeps an edit whose record somebody else removed in sight", () => {
    const edits = stageEdit([], rowOf(editorRows(zone, []), a("mail", 3)), a("mail", 9));
    expect(statuses(edits, makeZone(APEX, [soa(8), a("www", 1)]))[0]).toBe("mail 192.0.2.9 gone");
  });

  it("knows the SOA again after its serial has moved", () => {
    const edits = stageEdit([], rowOf(editorRows(zone, []), soa(7)), { ...soa(7), ttl: 60 });
    expect(statuses(edits, makeZone(APEX, [soa(8), a("www", 1)]))[0]).toBe("example ns1.example.net. changed");
  });
});

describe("reapplyEdit", () => {
  const edit = { id: 1, before: a("mail", 3), after: a("mail", 9) };
  it("adds what cannot replace any more", () => {
    expect(reapplyEdit(edit, null)).toEqual({ ...edit, before: null });
  });
  it("drops the removal of what is gone", () => {
    expect(reapplyEdit({ ...edit, after: null }, null)).toBeNull();
  });
  it("takes the TTL that somebody else has set as seen", () => {
    const current = { owner: edit.before.owner, type: "A", ttl: 60, rdatas: ["192.0.2.3"] };
    expect(reapplyEdit(edit, current)?.before?.ttl).toBe(60);
  });
});

describe("filterRows", () => {
  const rows = editorRows(makeZone(APEX, [soa(7), a("xn--bcher-kva", 1), a("www", 2)]), []);
  it.each([
    [{ text: "", type: "" }, 3],
    [{ text: "WWW", type: "" }, 1],
    [{ text: "192.0.2.1", type: "" }, 1],
    [{ text: "bücher", type: "" }, 1],
    [{ text: "", type: "A" }, 2],
    [{ text: "www", type: "SOA" }, 0],
  ])("lets through %j", (filter, count) => {
    expect(filterRows(rows, filter, (owner) => owner.replace("xn--bcher-kva", "bücher"))).toHaveLength(count);
  });
});

describe("editsOfDiff", () => {
  const record = fc.record({
    owner: fc.constantFrom(`www.${APEX}`, `mail.${APEX}`, APEX),
    type: fc.constantFrom("A", "TXT"),
    ttl: fc.constantFrom(60, 3600),
    rdata: fc.integer({ min: 1, max: 6 }).map((last) => `192.0.2.${last}`),
  });
  const zones = fc.array(record, { maxLength: 12 }).map((records) => makeZone(APEX, [soa(7), ...records]));

  it("leads from one zone to the other", () => {
    fc.assert(
      fc.property(zones, zones, (from, to) => {
        const changes = changesOfEdits(editsOfDiff(diffZones(from, to)));
        const { zone: reached, conflicts } = applyChanges(from, changes);
        expect(conflicts).toEqual([]);
        expect(isEmptyDiff(diffZones(reached, to))).toBe(true);
      }),
    );
  });
});
