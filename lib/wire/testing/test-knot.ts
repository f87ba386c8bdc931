/** A private Knot for integration tests that need a real nameserver and nothing of our own nameserver code. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "@/lib/server/testing/free-port";
import type { DnsAddress } from "@/lib/wire/dns-address";
import { querySoa } from "@/lib/wire/query";

export interface TestKnot {
  readonly server: DnsAddress;
  readonly controlSocket: string;
  stop(): Promise<void>;
}

/** Starts Knot on a free port of 127.0.0.1 with these zones (apex without the final dot → zone text) and waits until the last one answers. */
export async function startTestKnot(zones: Readonly<Record<string, string>>): Promise<TestKnot> {
  const dir = await mkdtemp(path.join(tmpdir(), "zf-knot-"));
  const server = { address: "127.0.0.1", port: await freePort() };
  const config = [
    // By default it hangs up when a message is not taken within half a second, which a busy machine does not promise.
    `server:\n  rundir: ${dir}\n  listen: ${server.address}@${server.port}\n  tcp-io-timeout: 60000`,
    `control:\n  listen: ${dir}/k`,
    `database:\n  storage: ${dir}`,
    "log:\n  - target: stderr\n    any: critical",
    "acl:\n  - id: transfer\n    action: transfer",
    `template:\n  - id: default\n    storage: ${dir}\n    acl: transfer`,
    `zone:\n${Object.keys(zones)
      .map((name) => `  - domain: ${name}`)
      .join("\n")}`,
  ].join("\n");
  await writeFile(path.join(dir, "knot.conf"), `${config}\n`);
  for (const [name, text] of Object.entries(zones)) await writeFile(path.join(dir, `${name}.zone`), text);
  const child = spawn("/usr/sbin/knotd", ["-c", path.join(dir, "knot.conf")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  await untilServed(server, Object.keys(zones).at(-1), child);
  // It answers DNS a moment before it takes commands.
  while (!existsSync(path.join(dir, "k")) && child.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 5));
  return {
    server,
    controlSocket: path.join(dir, "k"),
    async stop() {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function untilServed(server: DnsAddress, zone: string | undefined, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (zone !== undefined && (await querySoa(server, `${zone}.`, { timeoutMs: 1000 })).status !== "answered") {
    if (Date.now() > deadline || child.exitCode !== null) throw new Error("Knot did not start");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
