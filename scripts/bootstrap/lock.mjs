import { createHash } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readOr, root, say } from "./project.mjs";

/** Runs `work` while no other process on this checkout runs work of the same name; waits for it otherwise. A lock whose holder died is taken over. */
export async function withLock(name, work) {
  const checkout = createHash("sha256").update(root).digest("hex").slice(0, 16);
  const file = path.join(tmpdir(), `zonefleet-${process.getuid?.() ?? 0}-${checkout}-${name}.lock`);
  for (let hasTold = false; !take(file); hasTold = true) {
    if (!hasTold) say(`Waiting for process ${readOr(file)} (${name})`);
    await sleep(200);
  }
  const release = () => rmSync(file, { force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    process.off("exit", release);
    release();
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  if (!isAlive(Number(readOr(file)))) rmSync(file, { force: true });
  return false;
}

function isAlive(pid) {
  if (!pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
