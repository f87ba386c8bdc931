/** A private BIND for integration tests: other software than the nameserver that we run ourselves. It transfers zones to nobody. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "@/lib/server/testing/free-port";
import type { DnsAddress } from "@/lib/wire/dns-address";
import { querySoa } from "@/lib/wire/query";

export interface TestBind {
  readonly server: DnsAddress;
  /** Ends it and keeps its port, to start it there again. */
  stop(): Promise<void>;
}

/** Starts BIND on 127.0.0.1 with these zones (apex without the final dot → zone text) and waits until it answers. @param port a free one when left out */
export async function startTestBind(zones: Readonly<Record<string, string>>, port?: number): Promise<TestBind> {
  const dir = await mkdtemp(path.join(tmpdir(), "zf-bind-"));
  const server = { address: "127.0.0.1", port: port ?? (await freePort()) };
  const config = [
    `options {\n  directory "${dir}"; pid-file "${dir}/pid"; session-keyfile "${dir}/key"; lock-file none;`,
    `  listen-on port ${server.port} { 127.0.0.1; }; listen-on-v6 { none; };`,
    "  recursion no; allow-transfer { none; }; notify no; dnssec-validation no; empty-zones-enable no;\n};",
    "controls { };",
    ...Object.keys(zones).map((name) => `zone "${name}" { type primary; file "${name}.zone"; check-names ignore; };`),
  ].join("\n");
  await writeFile(path.join(dir, "named.conf"), `${config}\n`);
  for (const [name, text] of Object.entries(zones)) await writeFile(path.join(dir, `${name}.zone`), text);
  const child = spawn("/usr/sbin/named", ["-f", "-c", path.join(dir, "named.conf"), "-n", "1", "-U", "1"], {
    stdio: "ignore",
  });
  const deadline = Date.now() + 20_000;
  const isUp = async () =>
    ["answered", "refused", "servfail"].includes(
      (await querySoa(server, `${Object.keys(zones)[0]}.`, { timeoutMs: 1_000 })).status,
    );
  while (!(await isUp())) {
    if (Date.now() > deadline || child.exitCode !== null) throw new Error("BIND did not start");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    server,
    async stop() {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      await rm(dir, { recursive: true, force: true });
    },
  };
}
