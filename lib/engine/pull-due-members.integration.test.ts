import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startWhmEmulator, type WhmEmulator } from "@/e2e/emulators/whm/whm-emulator";
import type { Context } from "@/lib/context";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { setLogLevel } from "@/lib/logger";
import { credentialPurpose } from "@/lib/members/credential";
import { closeMemberDrivers } from "@/lib/members/open-driver";
import { recordMemberSuccess } from "@/lib/members/record";
import { addMember } from "@/lib/members/service";
import { writeSettings } from "@/lib/settings/settings";
import { pullDueMembers } from "./pull-due-members";

const TOKEN = "WHMTOKEN0123456789";
const LONG = { timeout: 30_000 };
let base: TestContext;
let ctx: Context;
let whm: WhmEmulator;
let healthy: number;
let now = Date.now();

beforeEach(async () => {
  setLogLevel("error");
  base = await testContext("sqlite", { clock: { now: () => now, monotonic: () => performance.now() } });
  ctx = { ...base, env: { ...base.env, allowedMemberNetworks: ["127.0.0.0/8"] } };
  await base.db.transaction((tx) => writeSettings(tx, "cluster", { isEnabled: true, failureThreshold: 3 }));
  whm = await startWhmEmulator();
  const form = { backend: "whm" as const, hostname: "127.0.0.1", port: whm.port, username: "root", token: TOKEN };
  healthy = (await addMember(ctx, base.root, { ...form, debug: false, role: "standalone", pin: whm.pin })).id;
});
afterEach(async () => {
  await closeMemberDrivers(ctx);
  await whm.close();
  await base.close();
});

const row = (id: number) => ctx.db.client.member.findUniqueOrThrow({ where: { id } });

/** A socket that is answered by nobody. */
async function startFrozen(): Promise<{ server: Server; port: number; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, port: (server.address() as AddressInfo).port, sockets };
}

it("reads the healthy ones while those that failed before keep their places", async () => {
  const frozen = await startFrozen();
  const { id: _, hostname: __, ...like } = await row(healthy);
  for (let index = 0; index < 9; index++) {
    const hostname = `ns${index}.example.net`;
    const { id } = await ctx.db.client.member.create({
      data: { ...like, hostname, port: frozen.port, pullErrorKind: "timeout", lastPullAt: null },
    });
    const sealedCredential = ctx.secrets.seal(TOKEN, credentialPurpose(id));
    await ctx.db.client.member.update({ where: { id }, data: { sealedCredential } });
  }
  const stop = new AbortController();
  const running = pullDueMembers(ctx)(stop.signal);
  try {
    await expect.poll(() => frozen.sockets.size, LONG).toBe(4);
    await expect.poll(async () => (await row(healthy)).lastPullAt, LONG).not.toBeNull();
    const reads = () => whm.requests.filter(({ path }) => path.includes("getzonelist")).length;
    for (let round = 1; round <= 2; round++) {
      const before = reads();
      now += 10 * 60_000;
      // Noticed although the frozen ones are still being read.
      await expect.poll(reads, LONG).toBeGreaterThan(before);
    }
  } finally {
    stop.abort();
    await running;
    for (const socket of frozen.sockets) socket.destroy();
    frozen.server.close();
  }
});

it("disables a Standalone member that answers what it is, and whose zones cannot be read", async () => {
  const status = { version: "11.110.0.0", software: "cPanel & WHM", dnsAddresses: [] };
  whm.fault = { kind: "drops", on: /getzonelist/ };
  for (let times = 1; times <= 3; times++) {
    now += 10 * 60_000;
    await pullDueMembers(ctx)(new AbortController().signal);
    expect(await row(healthy)).toMatchObject({ failures: times });
    await recordMemberSuccess(ctx, healthy, ctx.clock.now(), status);
    expect(await row(healthy)).toMatchObject({ failures: times });
  }
  expect((await row(healthy)).disabledAt).not.toBeNull();
});

it("clears it once its zones are read again", async () => {
  whm.fault = { kind: "drops", on: /getzonelist/ };
  now += 10 * 60_000;
  await pullDueMembers(ctx)(new AbortController().signal);
  expect(await row(healthy)).toMatchObject({ failures: 1 });
  whm.fault = null;
  now += 10 * 60_000;
  await pullDueMembers(ctx)(new AbortController().signal);
  expect(await row(healthy)).toMatchObject({ failures: 0, pullErrorKind: null, firstFailureAt: null });
});
