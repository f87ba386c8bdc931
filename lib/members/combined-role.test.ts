import { describe, expect, it } from "vitest";
import { combinedRole } from "./combined-role";
import type { DnsRole } from "./dns-role";

/** Root's entry, the reseller's choice → [sends, receives] of the reseller's entry, while the zones go to root's cluster. */
const SHARED: readonly (readonly [DnsRole | null, DnsRole, boolean, boolean])[] = [
  // Root has none: the reseller may only use Standalone.
  [null, "standalone", false, true],
  [null, "sync", false, true],
  [null, "write-only", false, false],
  // Root's entry is Standalone: any role.
  ["standalone", "standalone", false, true],
  ["standalone", "sync", true, true],
  ["standalone", "write-only", true, false],
  // Root's entry sends: the reseller's Standalone is ignored, and nothing is sent twice.
  ["sync", "standalone", false, false],
  ["sync", "sync", false, false],
  ["sync", "write-only", false, false],
  ["write-only", "standalone", false, false],
  ["write-only", "sync", false, false],
  ["write-only", "write-only", false, false],
];

/** With a cluster of one's own root's entry says nothing. */
const UNIQUE: Readonly<Record<DnsRole, readonly [boolean, boolean]>> = {
  standalone: [false, true],
  sync: [true, true],
  "write-only": [true, false],
};

describe("a reseller's role beside root's", () => {
  it.each(SHARED)("root has %s, the reseller chose %s: sends %s, receives %s", (rootRole, chosen, sends, receives) => {
    expect(combinedRole({ chosen, rootRole, uniqueCluster: false })).toMatchObject({ sends, receives });
  });

  it.each(SHARED)("root has %s, the reseller chose %s: as chosen in a cluster of its own", (rootRole, chosen) => {
    const [sends, receives] = UNIQUE[chosen];
    expect(combinedRole({ chosen, rootRole, uniqueCluster: true })).toEqual({
      inEffect: "as-chosen",
      sends,
      receives,
    });
  });
});
