import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dig } from "@/e2e/fixtures/dig";
import { applicationFolder } from "@/lib/application-folder";
import { certificateFiles } from "@/lib/net/certificate-files";
import { openContext } from "@/lib/server/testing/open-context";
import { type Cluster, startCluster } from "@/lib/server/testing/start-cluster";
import { createToken } from "@/lib/tokens/service";
import { createZone } from "@/lib/zones/service";

/** The hooks of docs/acme as certbot runs them: a process each, with its variables. What they did is asked of every nameserver over DNS. */

let folder: string;
let cluster: Cluster;
let config: string;

const text = "$TTL 3600\n@ SOA ns1.example.net. h.example.net. 7 1h 15m 2w 5m\n@ NS ns1.example.net.\n";

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "zonefleet-acme-"));
  cluster = await startCluster({ folder });
  const ctx = await openContext(cluster.variables("web1"));
  for (const name of ["hook.example.", "deep.hook.example.", "other.example."])
    await createZone(ctx, ctx.root, { name, text });
  const { token } = await createToken(ctx, ctx.root, { name: "acme", acls: ["edit-dns"] });
  await ctx.close();
  config = path.join(folder, "acme.conf");
  const { process: web1 } = cluster.web1;
  const certificate = certificateFiles(web1.dataDir).cert;
  writeFileSync(config, `ZONEFLEET_URL=${web1.url}\nZONEFLEET_TOKEN=${token}\nZONEFLEET_CACERT=${certificate}\n`, {
    mode: 0o600,
  });
}, 240_000);
afterAll(async () => {
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function hook(name: "auth" | "cleanup", domain: string, validation: string, more: Record<string, string> = {}) {
  const child = spawn(path.join(applicationFolder(), `docs/acme/zonefleet-${name}.sh`), [], {
    env: {
      ...{ NODE_ENV: "production", PATH: process.env.PATH, TMPDIR: folder, ZONEFLEET_ACME_CONFIG: config },
      ...{ CERTBOT_DOMAIN: domain, CERTBOT_VALIDATION: validation, CERTBOT_REMAINING_CHALLENGES: "0" },
      ...more,
    },
  });
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => (said.out += chunk));
  child.stderr.on("data", (chunk: Buffer) => (said.err += chunk));
  return new Promise<{ code: number | null; out: string; err: string }>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...said }));
  });
}

const served = (domain: string) =>
  Promise.all(
    [cluster.web1, cluster.ns1, cluster.ns2].map(async ({ dns }) =>
      (await dig(`_acme-challenge.${domain}`, "TXT", dns)).sort(),
    ),
  );
const everywhere = (...values: string[]) => Array(3).fill(values.map((value) => `"${value}"`));

describe("the hooks for certbot", { timeout: 120_000 }, () => {
  it("publish challenges of several names at once, two of one name among them, and return when all serve them", async () => {
    // A certificate for hook.example and *.hook.example: certbot names the domain alike for both.
    const results = await Promise.all([
      hook("auth", "hook.example", "base-value_1"),
      hook("auth", "hook.example", "wildcard-value_2"),
      hook("auth", "www.deep.hook.example", "deep-value"),
      hook("auth", "other.example", "other-value"),
    ]);
    expect(results.map(({ code, err }) => ({ code, err }))).toEqual(Array(4).fill({ code: 0, err: "" }));
    expect(results[2]?.out).toMatch(
      /^_acme-challenge\.www\.deep\.hook\.example is served \(change \d+ of deep\.hook\.example\)\.\n$/,
    );
    expect(await served("hook.example")).toEqual(everywhere("base-value_1", "wildcard-value_2"));
    expect(await served("www.deep.hook.example")).toEqual(everywhere("deep-value"));
    expect(await served("other.example")).toEqual(everywhere("other-value"));
  });

  it("take away the challenge they are run for and no other, also when it is gone already", async () => {
    for (let times = 0; times < 2; times++)
      expect(await hook("cleanup", "hook.example", "base-value_1")).toEqual({ code: 0, out: "", err: "" });
    await expect.poll(() => served("hook.example")).toEqual(everywhere("wildcard-value_2"));
    await hook("cleanup", "hook.example", "wildcard-value_2");
    await expect.poll(() => served("hook.example")).toEqual(everywhere());
  });

  it("say who does not serve it and why, and go on with a majority when they are told to", async () => {
    await cluster.ns2.process.stop();
    expect((await hook("auth", "other.example", "second-value", { ZONEFLEET_WAIT: "quorum" })).code).toBe(0);
    // The same change is asked for again: all but one serve it by now, however busy they are.
    const failed = await hook("auth", "other.example", "second-value", { ZONEFLEET_TIMEOUT: "2" });
    await cluster.ns2.process.start();
    expect(failed.code).toBe(1);
    expect(failed.err).toMatch(
      /^zonefleet: _acme-challenge\.other\.example is not served everywhere after 2 seconds \(change \d+ of other\.example\):\n {2}ns2\.example\.net: .+\n$/,
    );
  });

  it.each<[string, string, Record<string, string>, RegExp]>([
    [
      "a zone that is not there",
      "missing.example",
      {},
      /^zonefleet: There is no zone for _acme-challenge\.missing\.example on https:/,
    ],
    ["settings that are not there", "hook.example", { ZONEFLEET_ACME_CONFIG: "/nonexistent" }, /Set ZONEFLEET_URL/],
    [
      "a goal that is none",
      "hook.example",
      { ZONEFLEET_WAIT: "most" },
      /cannot be followed. HTTP 400: “wait”: Say one of/,
    ],
    ["a name that is none", 'x","records":[', {}, /is not a domain name/],
  ])("end loudly at %s", async (_, domain, more, words) => {
    const { code, out, err } = await hook("auth", domain, "value", more);
    expect({ out, isFailed: code !== 0 }).toEqual({ out: "", isFailed: true });
    expect(err).toMatch(words);
  });
});
