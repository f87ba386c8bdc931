import { afterAll, beforeAll, expect, it } from "vitest";
import { startWhmEmulator, type WhmEmulator } from "@/e2e/emulators/whm/whm-emulator";
import type { Context } from "@/lib/context";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { setLogLevel } from "@/lib/logger";
import { credentialPurpose } from "@/lib/members/credential";
import { closeMemberDrivers } from "@/lib/members/open-driver";
import { writeSettings } from "@/lib/settings/settings";
import { createZone, editZone } from "@/lib/zones/service";
import type { Engine } from "./engine";
import { createServerEngine } from "./server-engine";

/** The same as ill-members, on real sockets: how long it takes is for the bench, here it is what arrives where. */
const EDITS = 10;
const name = "edited.example.";
const text = `$ORIGIN ${name}\n$TTL 3600\n@ SOA ns1.example.net. hostmaster.example.net. 1 3600 900 1209600 300\n@ NS ns1.example.net.\n`;
const LONG = { timeout: 60_000 };

let base: TestContext;
let ctx: Context;
let engine: Engine;
const members: { readonly id: number; readonly whm: WhmEmulator }[] = [];

beforeAll(async () => {
  setLogLevel("error");
  base = await testContext("sqlite", { wake: () => engine.wake() });
  ctx = { ...base, env: { ...base.env, allowedMemberNetworks: ["127.0.0.0/8"] } };
  await base.db.transaction((tx) => writeSettings(tx, "cluster", { isEnabled: true, failureThreshold: 0 }));
  engine = createServerEngine(ctx, () => null);
  for (const hostname of ["well.example.net", "dead.example.net", "silent.example.net", "lying.example.net"]) {
    const whm = await startWhmEmulator({ hostname });
    const reached = { hostname, address: "127.0.0.1", port: whm.port, username: "root", pin: whm.pin };
    const { id } = await ctx.db.client.member.create({
      data: {
        ...reached,
        ...{ ownerId: base.root.userId, backend: "whm", role: "write-only", sealedCredential: "", createdAt: 0n },
      },
    });
    const sealedCredential = ctx.secrets.seal("WHMTOKEN0123456789", credentialPurpose(id));
    await ctx.db.client.member.update({ where: { id }, data: { sealedCredential } });
    await ctx.db.client.target.create({ data: { memberId: id, createdAt: 0n } });
    members.push({ id, whm });
  }
});
afterAll(async () => {
  await engine.stop();
  await closeMemberDrivers(ctx);
  await Promise.all(members.map(({ whm }) => whm.close()));
  await base.close();
});

it("edits reach the healthy member beside a dead, a silent and a lying one", async () => {
  const [healthy, dead, silent, lying] = members;
  if (!healthy || !dead || !silent || !lying) throw new Error("There are four.");
  let { seq } = await createZone(ctx, base.root, { name, text });
  engine.start();
  await expect.poll(() => members.every(({ whm }) => whm.zones.has("edited.example")), LONG).toBe(true);
  await dead.whm.close();
  silent.whm.fault = { kind: "slow", ms: 3_600_000, on: /./ };
  lying.whm.fault = { kind: "rubbish", on: /./ };
  for (let at = 0; at < EDITS; at++) {
    const add = { kind: "add" as const, owner: `h${at}.${name}`, type: "A", ttl: 60, rdata: "192.0.2.1" };
    ({ seq } = await editZone(ctx, base.root, { name, changes: [add], baseSeq: seq }));
    await expect.poll(() => healthy.whm.zones.get("edited.example"), LONG).toContain(`h${at}`);
  }
  const failures = async ({ id }: { id: number }) =>
    (await ctx.db.client.member.findUniqueOrThrow({ where: { id } })).failures;
  await expect.poll(() => failures(dead), LONG).toBeGreaterThan(0);
  await expect.poll(() => failures(lying), LONG).toBeGreaterThan(0);
  expect(await failures(healthy)).toBe(0);
  for (const { whm } of [dead, silent, lying]) expect(whm.zones.get("edited.example")).not.toContain("h0");
});
