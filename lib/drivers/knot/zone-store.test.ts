import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AWKWARD_NAMES, conformanceZone } from "@/lib/drivers/conformance";
import { zonePath } from "@/lib/drivers/knot/zone-path";
import { createZoneStore, type ZoneStore } from "@/lib/drivers/knot/zone-store";

const ZONE = "example.com.";
const label = (serial: number) => ({ serial, digest: "ab".repeat(32), updatedAt: 1_767_322_000_000 });

let dir: string;
let store: ZoneStore;
const contentOf = (zone: string) =>
  readFileSync(path.join(dir, zonePath(zone).file), "utf8")
    .split("\n")
    .slice(1)
    .join("\n");

beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), "zf-store-"));
  store = createZoneStore(dir);
  expect(await store.recover()).toEqual([]);
});
afterEach(() => rmSync(dir, { recursive: true }));

describe("createZoneStore", () => {
  it("labels what it writes, readable for all who can reach it", async () => {
    const umask = process.umask(0o077);
    await store.write(ZONE, "text\n", label(7), false);
    process.umask(umask);
    expect(contentOf(ZONE)).toBe("text\n");
    expect(await store.label(ZONE)).toEqual(label(7));
    expect(statSync(path.join(dir, "example.com.zone")).mode & 0o777).toBe(0o644);
    expect(await store.label("example.net.")).toBeUndefined();
  });

  it.each<[string, (file: string) => void]>([
    ["cut off", (file) => truncateSync(file, statSync(file).size - 1)],
    ["empty", (file) => truncateSync(file)],
    ["longer", (file) => writeFileSync(file, "more", { flag: "a" })],
    ["somebody else's", (file) => writeFileSync(file, "example.com. 60 IN SOA . . 1 2 3 4 5\n")],
  ])("does not trust a file that is %s", async (_what, spoil) => {
    await store.write(ZONE, "text\n", label(7), false);
    spoil(path.join(dir, "example.com.zone"));
    expect(await store.label(ZONE)).toBeUndefined();
  });

  it("puts the old file back, or forgets it", async () => {
    await store.write(ZONE, "old\n", label(1), false);
    await store.write(ZONE, "new\n", label(2), true);
    await store.restore(ZONE);
    expect(contentOf(ZONE)).toBe("old\n");
    await store.write(ZONE, "newer\n", label(3), true);
    await store.settle(ZONE);
    expect(contentOf(ZONE)).toBe("newer\n");
    expect(readdirSync(dir).sort()).toEqual(["example.com.zone", "hashed"]);
    await store.write("fresh.example.", "bad\n", label(1), false);
    await store.restore("fresh.example.");
    await store.remove(ZONE);
    await store.remove(ZONE);
    expect(readdirSync(dir)).toEqual(["hashed"]);
  });

  it("puts back the last file that was settled, also after a change that was broken off", async () => {
    await store.write(ZONE, "served\n", label(1), false);
    await store.write(ZONE, "broken off\n", label(2), true);
    await store.write(ZONE, "refused\n", label(3), true);
    await store.restore(ZONE);
    expect(contentOf(ZONE)).toBe("served\n");
  });

  it("finds its zones again and clears up after a crash", async () => {
    for (const zone of [ZONE, ...AWKWARD_NAMES]) await store.write(zone, conformanceZone(zone, 1), label(1), false);
    const hashed = "0/25.2.0.192.in-addr.arpa.";
    for (const zone of [ZONE, hashed]) await store.write(zone, conformanceZone(zone, 2), label(2), true);
    writeFileSync(path.join(dir, "half.example.zone.new"), "half");
    writeFileSync(path.join(dir, "README"), "not a zone");
    writeFileSync(path.join(dir, "no name.zone"), "not a zone");
    expect((await store.recover()).sort()).toEqual([ZONE, ...AWKWARD_NAMES].sort());
    for (const zone of [ZONE, hashed]) expect(await store.label(zone)).toEqual(label(1));
    expect(readdirSync(dir).filter((name) => /new|old/.test(name))).toEqual([]);
  });

  it("throws when the directory is gone", async () => {
    const gone = createZoneStore(path.join(dir, "gone"));
    await expect(gone.write(ZONE, "text\n", label(1), false)).rejects.toThrow("ENOENT");
  });
});
