import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { openDatabase } from "./database";

const folder = mkdtempSync(path.join(tmpdir(), "zonefleet-modes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const modes = () =>
  new Set(readdirSync(folder).map((name) => (statSync(path.join(folder, name)).mode & 0o777).toString(8)));

it("keeps SQLite's files to the server's user, also those of before", async () => {
  const file = path.join(folder, "zonefleet.db");
  const first = await openDatabase(`file:${file}`);
  expect(readdirSync(folder)).toContain("zonefleet.db-wal");
  expect(modes()).toEqual(new Set(["600"]));
  await first.close();
  chmodSync(file, 0o644);
  const second = await openDatabase(`file:${file}`);
  expect(modes()).toEqual(new Set(["600"]));
  await second.close();
});
