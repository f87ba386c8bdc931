import { afterAll, beforeAll, expect, it } from "vitest";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { createDriver } from "@/lib/drivers/registry";
import { setLogLevel } from "@/lib/logger";
import { knotDirectory } from "@/lib/nameserver/knot-directory";
import { createKnotSupervisor, type KnotSupervisor } from "@/lib/nameserver/supervisor";
import { checkProof } from "@/lib/proof/check";
import { freePort } from "@/lib/server/testing/free-port";
import { createZone } from "@/lib/zones/service";
import type { Engine } from "../engine";
import { createServerEngine } from "../server-engine";
import { ensureLocalTarget, requestCompare } from "../targets";

const NAME = "proof.example.";
const text = (address: string) =>
  `${NAME} 300 IN SOA ns1.example.net. hostmaster.example.net. 7 7200 3600 1209600 3600\n${NAME} 300 IN NS ns1.example.net.\n${NAME} 300 IN A ${address}\n`;

let ctx: TestContext;
let knot: KnotSupervisor;
let engine: Engine;
let driver: ReturnType<typeof createDriver>;
/** The clock runs, and is moved on. */
let ahead = 0;

beforeAll(async () => {
  setLogLevel("error");
  ctx = await testContext("sqlite", {
    clock: { now: () => Date.now() + ahead, monotonic: () => performance.now() },
    wake: () => engine.wake(),
  });
  const address = { address: "127.0.0.1", port: await freePort() };
  knot = createKnotSupervisor({ dataDir: ctx.env.dataDir, listen: [address] });
  await knot.start();
  const { controlSocket, zoneDir, logFile } = knotDirectory(ctx.env.dataDir);
  driver = createDriver("local-knot", { controlSocket, zoneDir, addresses: [address], logFile });
  await ensureLocalTarget(ctx);
  engine = createServerEngine(ctx, () => (knot.status().state === "running" ? { driver, addresses: [address] } : null));
  engine.start();
});
afterAll(async () => {
  await engine.stop();
  await driver.close();
  await knot.stop();
  await ctx.close();
});

async function until(expected: object): Promise<void> {
  let row: object | null = null;
  for (let tries = 0; tries < 900; tries++) {
    row = await ctx.db.client.zoneTarget.findFirst();
    try {
      expect(row).toMatchObject(expected);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  expect(row).toMatchObject(expected);
}

/** Somebody else's hand at the nameserver. */
const tamper = async (zone: string | null) => {
  const desired = zone === null ? null : { text: zone, serial: 7, digest: "other", updatedAt: 0 };
  await driver.apply([{ name: NAME, seq: 0, desired, previous: null }], new AbortController().signal);
};
const check = async () => {
  ahead += 5_000;
  await checkProof(ctx, ctx.root, { zone: NAME });
};

it("the supervised nameserver is transferred from, caught at what it does otherwise, and repaired", async () => {
  await createZone(ctx, ctx.root, { name: NAME, text: text("192.0.2.1") });
  await until({ observedState: "served", verifySeq: null, problem: null });
  ahead += 60_000;
  await check();
  await until({ contentState: "same", verifySeq: null });

  await tamper(text("192.0.2.66"));
  await check();
  await until({ problem: "content", contentState: "differs", observedDetail: `${NAME} A has other records.` });

  await tamper(null);
  await check();
  await until({ problem: "lame", observedState: "absent" });

  // What "Synchronize again" does: it is compared, and sent.
  const target = await ensureLocalTarget(ctx);
  await ctx.db.transaction((tx) => requestCompare(tx, target));
  engine.wake();
  await until({ problem: null, contentState: "same", observedState: "served" });
});
