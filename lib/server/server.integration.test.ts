import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { applicationFolder } from "@/lib/application-folder";
import { type PostgresServer, startPostgres } from "@/lib/db/testing/postgres-server";
import { querySoa } from "@/lib/wire/query";
import { createZone } from "@/lib/zones/service";
import { freePort } from "./testing/free-port";
import { openContext } from "./testing/open-context";
import { type ServerProcess, startServer } from "./testing/start-server";

/** Real processes of dist/server.mjs. */
const folder = mkdtempSync(path.join(tmpdir(), "zonefleet-server-"));
const running: ServerProcess[] = [];
let postgres: PostgresServer | undefined;
let count = 0;

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});
afterAll(async () => {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function variables(more: Record<string, string> = {}): Promise<Record<string, string>> {
  return {
    ZONEFLEET_DATA_DIR: path.join(folder, String(count++)),
    ZONEFLEET_ROOT_PASSWORD: "correct horse battery staple",
    ZONEFLEET_HOSTNAME: "web1.example.net",
    ZONEFLEET_ADDRESSES: "192.0.2.10",
    ZONEFLEET_DNS_LISTEN: `127.0.0.1@${await freePort()}`,
    ...more,
  };
}

async function start(env: Record<string, string>): Promise<ServerProcess> {
  const server = await startServer({ dataDir: env.ZONEFLEET_DATA_DIR ?? "", env });
  running.push(server);
  return server;
}

function dnsAddress(env: Record<string, string>) {
  const [address = "", port] = (env.ZONEFLEET_DNS_LISTEN ?? "").split("@");
  return { address, port: Number(port) };
}

async function addZone(env: Record<string, string>, name: string): Promise<void> {
  const ctx = await openContext(env);
  const text =
    "@ 3600 IN SOA ns1.example.net. hostmaster.example.net. 1 3600 900 1209600 300\n@ 3600 IN NS ns1.example.net.\n";
  await createZone(ctx, ctx.root, { name, text });
  await ctx.close();
}

const asked = (env: Record<string, string>, name: string) => async () =>
  (await querySoa(dnsAddress(env), name, { timeoutMs: 500 })).status;

/** Starts the program without waiting for it to serve. @returns its exit code and what it wrote. */
async function attempt(env: Record<string, string>): Promise<{ code: number; output: string }> {
  const program = path.join(applicationFolder(), "dist", "server.mjs");
  const child = spawn(process.execPath, [program], { env: { PATH: process.env.PATH, NODE_ENV: "production", ...env } });
  let output = "";
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  const [code] = (await once(child, "close")) as [number];
  return { code, output };
}

describe("a server process", () => {
  it("serves a zone, survives kill -9 and ends with 0 on SIGTERM", async () => {
    const env = await variables();
    const server = await start(env);
    await addZone(env, "example.com.");
    await expect.poll(asked(env, "example.com."), { timeout: 15_000 }).toBe("answered");
    await server.kill();
    await addZone(env, "example.org.");
    await server.start();
    await expect.poll(asked(env, "example.com."), { timeout: 15_000 }).toBe("answered");
    await expect.poll(asked(env, "example.org."), { timeout: 15_000 }).toBe("answered");
    const started = performance.now();
    expect(await server.stop()).toBe(0);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(statSync(server.dataDir).mode & 0o777).toBe(0o700);
    expect(server.log()).not.toContain("correct horse");
  });

  it("serves from PostgreSQL, also as two processes on one database", async () => {
    postgres = await startPostgres();
    const shared = { DATABASE_URL: postgres.createDatabase(), ZONEFLEET_SECRET_KEY: "ab".repeat(32) };
    const [first, second] = [await variables(shared), await variables(shared)];
    await start(first);
    await start(second);
    await addZone(first, "example.com.");
    // The local nameserver is one target: the process that holds its lease applies to its own.
    const answers = async () => [await asked(first, "example.com.")(), await asked(second, "example.com.")()];
    await expect.poll(answers, { timeout: 20_000 }).toContain("answered");
  });

  it("is refused on a data directory that is in use", async () => {
    const env = await variables();
    const server = await start(env);
    const other = await attempt({ ...env, ZONEFLEET_PORT: String(await freePort()) });
    expect(other.code).toBe(1);
    expect(other.output).toContain(`Another server (process ${server.pid})`);
  });

  it.each([
    ["ZONEFLEET_PORT", "http"],
    ["ZONEFLEET_TRUSTED_PROXIES", "proxy.example.net"],
    ["ZONEFLEET_ROOT_PASSWORD", "short"],
    ["ZONEFLEET_DNS_LISTEN", "everywhere"],
    ["ZONEFLEET_SECRET_KEY", "secret"],
  ])("names a wrong %s and exits with 1", async (name, value) => {
    const result = await attempt(await variables({ ZONEFLEET_PORT: String(await freePort()), [name]: value }));
    expect(result.code).toBe(1);
    expect(result.output).toContain(name);
  });

  it("says when its port is taken", async () => {
    const env = await variables();
    const server = await start(env);
    const other = await attempt(
      await variables({ ZONEFLEET_PORT: String(server.port), ZONEFLEET_LISTEN: server.address }),
    );
    expect(other.code).toBe(1);
    expect(other.output).toContain(String(server.port));
  });
});
