import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { lockDataDirectory, makeDataDirectory } from "./data-directory";

const folder = mkdtempSync(path.join(os.tmpdir(), "zonefleet-data-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Another process that holds the lock until it is killed. */
async function holdElsewhere(dataDir: string) {
  const script = `
    const { createClient } = require("@libsql/client");
    createClient({ url: ${JSON.stringify(`file:${path.join(dataDir, "server.lock")}`)} }).execute("BEGIN EXCLUSIVE").then(() => console.log("held"));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return child;
}

describe("the data directory", () => {
  it("is for its user only", () => {
    const dataDir = path.join(folder, "mode");
    makeDataDirectory(dataDir);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  });

  it("is refused while another process has it, and free again after a kill -9", async () => {
    const dataDir = path.join(folder, "lock");
    makeDataDirectory(dataDir);
    const holder = await holdElsewhere(dataDir);
    await expect(lockDataDirectory(dataDir)).rejects.toThrow(/Another server .* uses .*lock/);
    holder.kill("SIGKILL");
    await once(holder, "exit");
    const release = await lockDataDirectory(dataDir);
    await release();
    await (await lockDataDirectory(dataDir))();
  });
});
