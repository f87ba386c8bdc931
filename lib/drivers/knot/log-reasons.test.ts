import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readLogReasons } from "@/lib/drivers/knot/log-reasons";

/** As Knot 3.2.6 writes it. */
const failure = (zone: string, ...reasons: string[]) =>
  [
    ...reasons,
    "zone loader, failed to load zone, file '/zones/x.zone' (semantic check)",
    "failed to parse zone file '/zones/x.zone' (failed)",
    "zone event 'load' failed (failed)",
    "control, error (failed)",
  ].map((what) => `2026-11-20T09:50:51+0000 error: [${zone}] ${what}\n`);

let file: string;
beforeAll(() => {
  file = path.join(mkdtempSync(path.join(tmpdir(), "zf-log-")), "knot.log");
});
afterAll(() => rmSync(path.dirname(file), { recursive: true }));

function reasons(lines: readonly string[], ...zones: string[]): Record<string, string> {
  writeFileSync(file, lines.join(""));
  return Object.fromEntries(readLogReasons(file, zones));
}

describe("readLogReasons", () => {
  it("takes the first reason of the newest failure", () => {
    const lines = [
      ...failure("a.example.", "old reason"),
      "2026-11-20T09:50:51+0000 info: [a.example.] loaded, serial 1 -> 2\n",
      ...failure("a.example.", "check, node x.a.example., another record exists beside CNAME", "check, node y"),
      ...failure("b.example.", "zone loader, error in zone, file '/z', line 22 (invalid number)"),
    ];
    expect(reasons(lines, "a.example.", "b.example.", "c.example.")).toEqual({
      "a.example.": "check, node x.a.example., another record exists beside CNAME",
      "b.example.": "zone loader, error in zone, line 22 (invalid number)",
    });
  });

  it("knows names with escapes in Knot's spelling", () => {
    expect(reasons(failure("a\\%b.example.", "reason"), "a\\037b.example.")).toEqual({ "a\\037b.example.": "reason" });
  });

  it("finds the end of a long log, and nothing where there is none", () => {
    const noise = new Array<string>(20_000).fill("2026-11-20T09:50:51+0000 info: noise\n");
    expect(reasons([...noise, ...failure("a.example.", "reason")], "a.example.")).toEqual({ "a.example.": "reason" });
    expect(readLogReasons(`${file}.none`, ["a.example."]).size).toBe(0);
  });
});
