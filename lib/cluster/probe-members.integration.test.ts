import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWhmEmulator, type WhmEmulator } from "@/e2e/emulators/whm/whm-emulator";
import type { UserActor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { closeMemberDrivers } from "@/lib/members/open-driver";
import { addMember } from "@/lib/members/service";
import { writeSettings } from "@/lib/settings/settings";
import { probeMembers } from "./probe-members";
import { accountCluster, setAutoEnable } from "./unique-cluster";

const TOKEN = "WHMTOKEN0123456789";
const { signal } = new AbortController();

describe.each(["sqlite", "postgresql"] as const)("members that answer again, on %s", (provider) => {
  let base: TestContext;
  let ctx: Context;
  let whm: WhmEmulator;
  let north: UserActor;
  let ids: { root: number; north: number };

  beforeAll(async () => {
    base = await testContext(provider);
    ctx = { ...base, env: { ...base.env, allowedMemberNetworks: ["127.0.0.0/8"] } };
    north = await base.addReseller("north", ["clustering"]);
    whm = await startWhmEmulator();
    const form = { backend: "whm" as const, hostname: "127.0.0.1", port: whm.port, username: "root", token: TOKEN };
    const add = async (actor: UserActor) =>
      (await addMember(ctx, actor, { ...form, debug: false, role: "sync", pin: whm.pin })).id;
    ids = { root: await add(base.root), north: await add(north) };
  });
  afterAll(async () => {
    await closeMemberDrivers(ctx);
    await whm.close();
    await base.close();
  });

  /** Disables both, and has them asked. @returns whose is enabled */
  const enabled = async (autoEnable: boolean) => {
    await ctx.db.transaction((tx) => writeSettings(tx, "cluster", { isEnabled: true, autoEnable }));
    await ctx.db.client.member.updateMany({ data: { disabledAt: 1n, probeAt: 0n, recoveringAt: null, failures: 10 } });
    await probeMembers(ctx, signal);
    const rows = await ctx.db.client.member.findMany({ where: { disabledAt: null } });
    return rows.map(({ id }) => (id === ids.root ? "root's" : "north's")).sort();
  };

  it("are enabled where their own cluster chose so", async () => {
    expect(await enabled(false)).toEqual([]);
    expect(await enabled(true)).toEqual(["root's"]);
    await setAutoEnable(ctx, north, { accountId: north.userId, autoEnable: true });
    expect(await accountCluster(ctx, north)).toMatchObject({ autoEnable: true });
    expect(await enabled(false)).toEqual(["north's"]);
    expect(await enabled(true)).toEqual(["north's", "root's"]);
  });

  it("is each account's own to choose, and root's for it", async () => {
    const choice = { accountId: north.userId, autoEnable: false };
    const south = await base.addReseller("south", ["clustering"]);
    await expect(setAutoEnable(ctx, south, choice)).rejects.toMatchObject({
      code: expect.stringMatching(/forbidden|not-found/),
    });
    await setAutoEnable(ctx, base.root, choice);
    expect(await enabled(false)).toEqual([]);
    const own = { accountId: base.root.userId, autoEnable: true };
    await expect(setAutoEnable(ctx, base.root, own)).rejects.toMatchObject({ code: "forbidden" });
  });
});
