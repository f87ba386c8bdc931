import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UserActor } from "@/lib/access/actor";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { setLogLevel } from "@/lib/logger";
import { CLIENT_HEADER, FORWARDED_HEADER } from "@/lib/net/client-header";
import { mayScrape } from "./access";
import { getMetricsSettings, metricsInput, setMetrics } from "./settings";

describe("who may read the metrics", () => {
  let ctx: TestContext;
  let alice: UserActor;
  beforeAll(async () => {
    setLogLevel("error");
    ctx = await testContext("sqlite");
    alice = await ctx.addReseller("alice", ["clustering"]);
  });
  afterAll(() => ctx.close());

  const from = (address: string, token = "", more: Record<string, string> = {}) =>
    mayScrape(
      ctx,
      new Headers({ [CLIENT_HEADER]: address, ...(token ? { authorization: `Bearer ${token}` } : {}), ...more }),
    );
  const set = (allowed: string, token: "keep" | "new" | "none" = "keep", isEnabled = true) =>
    setMetrics(ctx, ctx.root, metricsInput.parse({ isEnabled, allowed, token }));

  it("is nobody until root turns them on, and then this machine", async () => {
    for (const address of ["127.0.0.1", "::1", "192.0.2.1", ""]) expect(await from(address), address).toBe("off");
    const { isEnabled, allowed, hasToken } = await getMetricsSettings(ctx, ctx.root);
    expect({ isEnabled, allowed, hasToken }).toEqual({
      isEnabled: false,
      allowed: ["127.0.0.1", "::1"],
      hasToken: false,
    });
    await set(allowed.join("\n"));
    expect(await from("127.0.0.1")).toBe("yes");
    expect(await from("::ffff:127.0.0.1")).toBe("yes");
    for (const address of ["192.0.2.1", ""]) expect(await from(address), address).toBe("no");
    // What a proxy of this machine hands on that is not named may come from everywhere.
    expect(await from("127.0.0.1", "", { [FORWARDED_HEADER]: "1" })).toBe("no");
  });

  it("is whoever has the token or an address of the list", async () => {
    const token = await set("192.0.2.0/24, 2001:db8::1", "new");
    expect(token).toMatch(/^[0-9A-Za-z]{32}$/);
    expect(await from("192.0.2.7")).toBe("yes");
    expect(await from("127.0.0.1")).toBe("no");
    expect(await from("203.0.113.1", token ?? "")).toBe("yes");
    expect(await from("127.0.0.1", token ?? "", { [FORWARDED_HEADER]: "1" })).toBe("yes");
    for (const wrong of ["x", `${token}x`]) expect(await from("203.0.113.1", wrong)).toBe("no");
    expect(await set("", "keep")).toBeNull();
    expect(await from("203.0.113.1", token ?? "")).toBe("yes");
    const next = await set("", "new");
    expect(await from("203.0.113.1", token ?? "")).toBe("no");
    await set("", "none");
    for (const old of [token ?? "", next ?? "", ""]) expect(await from("203.0.113.1", old)).toBe("no");
    await set("", "new", false);
    expect(await from("192.0.2.7")).toBe("off");
  });

  it("is set by root alone, with addresses that are some, and the token is nowhere to be read", async () => {
    const token = await set("192.0.2.1", "new");
    await expect(getMetricsSettings(ctx, alice)).rejects.toMatchObject({ code: "forbidden" });
    const input = metricsInput.parse({ isEnabled: true, allowed: "", token: "new" });
    await expect(setMetrics(ctx, alice, input)).rejects.toMatchObject({ code: "forbidden" });
    expect(metricsInput.safeParse({ isEnabled: true, allowed: "everywhere", token: "keep" }).success).toBe(false);
    const stored = await ctx.db.client.setting.findMany();
    const audited = await ctx.db.client.auditEvent.findMany({ where: { action: "settings.metrics" } });
    expect(audited.length).toBeGreaterThan(0);
    const all = JSON.stringify([stored, audited, await getMetricsSettings(ctx, ctx.root)], (_, value) =>
      String(value) === value ? value : typeof value === "bigint" ? Number(value) : value,
    );
    expect(all).not.toContain(token);
  });
});
