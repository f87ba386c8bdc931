import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { TAR_END, tarEntry } from "./tar";

it("writes what tar reads", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "zonefleet-tar-"));
  try {
    const files = { "example.com.zone": "", "xn--bcher-kva.example.zone": "ü".repeat(300), "b.zone": "x".repeat(512) };
    const parts = Object.entries(files).map(([name, text]) => tarEntry(name, text, 1_700_000_000));
    writeFileSync(path.join(folder, "all.tar"), Buffer.concat([...parts, TAR_END]));
    execFileSync("tar", ["-xf", "all.tar"], { cwd: folder });
    expect(readdirSync(folder).sort()).toEqual(["all.tar", ...Object.keys(files)].sort());
    for (const [name, text] of Object.entries(files)) expect(readFileSync(path.join(folder, name), "utf8")).toBe(text);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it("refuses a name that does not fit", () => {
  expect(() => tarEntry("x".repeat(101), "", 0)).toThrow(RangeError);
});
