import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UserActor } from "@/lib/access/actor";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { AppError } from "@/lib/errors";
import { setLogLevel } from "@/lib/logger";
import { authenticateToken, TokenRefusal } from "./authenticate";
import { grantableAcls } from "./held-acls";
import { createToken, listTokens, revokeTokens, updateToken } from "./service";

describe.each(["sqlite", "postgresql"] as const)("API tokens on %s", (provider) => {
  let ctx: TestContext;
  let reseller: UserActor;
  beforeAll(async () => {
    setLogLevel("error");
    ctx = await testContext(provider);
    reseller = await ctx.addReseller("reseller");
  });
  afterAll(() => ctx.close());

  const use = (token: string, address = "192.0.2.1", username = "root") =>
    authenticateToken(ctx, { username, token, address });
  const refusal = async (attempt: Promise<unknown>) => {
    const error = await attempt.catch((thrown: unknown) => thrown);
    if (!(error instanceof AppError)) throw error;
    expect(error.code).toBe("unauthenticated");
    expect(error.message).toBe("The username or the API token is not valid here.");
    return error.cause instanceof TokenRefusal ? error.cause.reason : error.cause;
  };

  it("of two with one name at once one is made, and the other is told", async () => {
    const both = await Promise.allSettled([1, 2, 3].map(() => createToken(ctx, ctx.root, { name: "twice" })));
    const refused = both.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    expect(refused).toHaveLength(2);
    for (const error of refused)
      expect(error).toMatchObject({ code: "conflict", extra: { fields: { name: "This name is taken." } } });
    await revokeTokens(ctx, ctx.root, { names: ["twice"] });
  });

  it("is shown once, stored as a hash, and authenticates its user", async () => {
    const { token, info } = await createToken(ctx, ctx.root, { name: "ns1", acls: ["clustering"] });
    expect(token).toMatch(/^[0-9A-Za-z]{32}$/);
    expect(info).toMatchObject({
      name: "ns1",
      acls: ["clustering"],
      allowedIps: [],
      expiresAt: null,
      lastUsedAt: null,
    });
    const stored = await ctx.db.client.apiToken.findFirstOrThrow({ where: { name: "ns1" } });
    expect(JSON.stringify(stored, (_, value) => (typeof value === "bigint" ? Number(value) : value))).not.toContain(
      token,
    );
    expect(await use(token)).toMatchObject({
      username: "root",
      role: "root",
      acls: ["clustering"],
      address: "192.0.2.1",
    });
  });

  it("tells nobody why it refuses, except the log", async () => {
    const { token } = await createToken(ctx, ctx.root, {
      name: "picky",
      allowedIps: ["198.51.100.0/24", "2001:db8::/32"],
    });
    expect(await refusal(use(`${token.slice(0, 31)}_`, "198.51.100.7"))).toBe("unknown");
    expect(await refusal(use("", "198.51.100.7"))).toBe("unknown");
    expect(await refusal(use(token, "198.51.100.7", "reseller"))).toBe("wrong-user");
    expect(await refusal(use(token, "192.0.2.1"))).toBe("address");
    expect(await refusal(use(token, ""))).toBe("address");
    expect(await use(token, "198.51.100.7")).toMatchObject({ username: "root" });
    expect(await use(token, "2001:db8::7")).toMatchObject({ username: "root" });
  });

  it("expires, and ends with its user's suspension", async () => {
    const expiresAt = ctx.clock.now() + 60_000;
    const short = await createToken(ctx, ctx.root, { name: "short", expiresAt });
    const theirs = await createToken(ctx, reseller, { name: "theirs" });
    const later = { ...ctx, clock: { now: () => expiresAt, monotonic: () => 0 } };
    const late = authenticateToken(later, { username: "root", token: short.token, address: "192.0.2.1" });
    expect(await refusal(late)).toBe("expired");
    expect(await use(theirs.token, "192.0.2.1", "reseller")).toMatchObject({ role: "reseller" });
    await ctx.db.client.user.update({ where: { id: reseller.userId }, data: { suspendedAt: 1n } });
    expect(await refusal(use(theirs.token, "192.0.2.1", "reseller"))).toBe("suspended");
    await ctx.db.client.user.update({ where: { id: reseller.userId }, data: { suspendedAt: null } });
  });

  it("ends with the request after its revocation", async () => {
    const { token } = await createToken(ctx, ctx.root, { name: "gone" });
    await use(token);
    await revokeTokens(ctx, ctx.root, { names: ["gone"] });
    expect(await refusal(use(token))).toBe("unknown");
    await expect(revokeTokens(ctx, ctx.root, { names: ["gone"] })).rejects.toMatchObject({ code: "not-found" });
  });

  it("is changed without another one being made, and never beyond what its editor has", async () => {
    const { token } = await createToken(ctx, ctx.root, { name: "changing", acls: ["clustering"] });
    const allowedIps = ["198.51.100.7"];
    await updateToken(ctx, ctx.root, { name: "changing", acls: ["list-zones"], allowedIps });
    expect(await use(token, "198.51.100.7")).toMatchObject({ acls: ["list-zones"] });
    expect(await refusal(use(token))).toBe("address");
    const limited: UserActor = {
      ...ctx.root,
      acls: ["manage-api-tokens", "list-zones"],
      token: { id: 0, name: "limited", expiresAt: null, allowedIps: ["198.51.100.0/24"] },
    };
    const change = (changes: object) => updateToken(ctx, limited, { name: "changing", ...changes });
    await expect(change({ acls: ["edit-dns"] })).rejects.toMatchObject({ code: "forbidden" });
    await expect(change({ allowedIps: ["192.0.2.1"] })).rejects.toMatchObject({ code: "forbidden" });
    expect(await change({})).toMatchObject({ acls: limited.acls, allowedIps: ["198.51.100.0/24"] });
    await expect(updateToken(ctx, ctx.root, { name: "absent" })).rejects.toMatchObject({ code: "not-found" });
    await expect(updateToken(ctx, reseller, { name: "changing" })).rejects.toMatchObject({ code: "not-found" });
    await expect(updateToken(ctx, ctx.root, { name: "changing", expiresAt: 1 })).rejects.toMatchObject({
      code: "invalid-input",
    });
    const [audit] = await ctx.db.client.auditEvent.findMany({ where: { action: "token.update" }, take: 1 });
    expect(audit).toMatchObject({ subject: "changing", actorName: "root" });
    await revokeTokens(ctx, ctx.root, { names: ["changing"] });
  });

  it("carries no privilege that its maker's role has not", async () => {
    const reached = createToken(ctx, reseller, { name: "clustering", acls: ["clustering"] });
    await expect(reached).rejects.toMatchObject({ code: "forbidden" });
    expect(grantableAcls(reseller)).not.toContain("clustering");
    expect(grantableAcls(ctx.root)[0]).toBe("clustering");
    expect(grantableAcls({ ...ctx.root, acls: ["list-zones"] })).toEqual(["list-zones"]);
  });

  it("records its last use at most once a minute", async () => {
    const { token } = await createToken(ctx, ctx.root, { name: "busy" });
    const at = (ms: number) => ({ ...ctx, clock: { now: () => ms, monotonic: () => 0 } });
    const last = async () => (await listTokens(ctx, ctx.root)).find(({ name }) => name === "busy");
    for (const ms of [1_000_000, 1_030_000])
      await authenticateToken(at(ms), { username: "root", token, address: "192.0.2.1" });
    expect(await last()).toMatchObject({ lastUsedAt: 1_000_000, lastUsedIp: "192.0.2.1" });
    await authenticateToken(at(1_060_000), { username: "root", token, address: "192.0.2.2" });
    expect(await last()).toMatchObject({ lastUsedAt: 1_060_000, lastUsedIp: "192.0.2.2" });
  });

  it("gives no more than its maker has", async () => {
    const limited: UserActor = { ...ctx.root, acls: ["manage-api-tokens", "clustering"] };
    await expect(createToken(ctx, limited, { name: "more", acls: ["all"] })).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(createToken(ctx, limited, { name: "more", acls: ["edit-dns"] })).rejects.toMatchObject({
      code: "forbidden",
    });
    expect((await createToken(ctx, limited, { name: "same" })).info.acls).toEqual(["manage-api-tokens", "clustering"]);
    expect((await createToken(ctx, limited, { name: "less", acls: ["clustering"] })).info.acls).toEqual(["clustering"]);
    const powerless: UserActor = { ...ctx.root, acls: ["clustering"] };
    await expect(createToken(ctx, powerless, { name: "x" })).rejects.toMatchObject({ code: "forbidden" });
  });

  it("makes no token that reaches further than the one that makes it", async () => {
    const expiresAt = Date.now() + 3_600_000;
    const maker = { acls: ["manage-api-tokens"], expiresAt, allowedIps: ["192.0.2.0/24", "2001:db8::1"] };
    const actor = await use((await createToken(ctx, ctx.root, { name: "maker", ...maker })).token);
    expect((await createToken(ctx, actor, { name: "heir" })).info).toMatchObject(maker);
    const smaller = { expiresAt: expiresAt - 1, allowedIps: ["192.0.2.128/25", "192.0.2.7"] };
    expect((await createToken(ctx, actor, { name: "smaller", ...smaller })).info).toMatchObject(smaller);
    for (const further of [
      { expiresAt: expiresAt + 1 },
      { allowedIps: ["192.0.2.7", "198.51.100.1"] },
      { allowedIps: ["192.0.0.0/16"] },
      { allowedIps: ["2001:db8::/64"] },
      { allowedIps: ["0.0.0.0/0"] },
    ])
      await expect(createToken(ctx, actor, { name: "further", ...further })).rejects.toMatchObject({
        code: "forbidden",
      });
  });

  it("keeps resellers to themselves", async () => {
    await createToken(ctx, ctx.root, { name: "roots" });
    await expect(listTokens(ctx, reseller, { userId: ctx.root.userId })).rejects.toMatchObject({ code: "not-found" });
    await expect(revokeTokens(ctx, reseller, { names: ["roots"] })).rejects.toMatchObject({ code: "not-found" });
    await expect(createToken(ctx, reseller, { name: "x", userId: ctx.root.userId })).rejects.toMatchObject({
      code: "not-found",
    });
    expect((await listTokens(ctx, reseller)).map(({ name }) => name)).toEqual(["theirs"]);
  });

  it.each([
    [{ name: "" }, "name"],
    [{ name: "a b" }, "name"],
    [{ name: "x".repeat(51) }, "name"],
    [{ name: "y", acls: ["root-access"] }, "acls"],
    [{ name: "y", allowedIps: ["somewhere"] }, "allowedIps"],
    [{ name: "y", expiresAt: 1 }, "expiresAt"],
  ])("refuses %j", async (input, field) => {
    const error = await createToken(ctx, ctx.root, input).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "invalid-input", extra: { fields: { [field]: expect.any(String) } } });
  });

  it("refuses a second token of one name", async () => {
    await createToken(ctx, ctx.root, { name: "twice" });
    await expect(createToken(ctx, ctx.root, { name: "twice" })).rejects.toMatchObject({ code: "conflict" });
  });

  it("lets nobody wait for a script that comes with a token of yesterday", async () => {
    const { token } = await createToken(ctx, ctx.root, { name: "yesterday" });
    await ctx.db.client.apiToken.updateMany({ where: { name: "yesterday" }, data: { expiresAt: 1n } });
    for (let tries = 0; tries < 30; tries++) expect(await refusal(use(token, "203.0.113.7"))).toBe("expired");
  });

  it("makes an address wait after many failures, but not a token that was right there before", async () => {
    const { token } = await createToken(ctx, ctx.root, { name: "neighbour" });
    await use(token, "203.0.113.5");
    for (let tries = 0; tries < 20; tries++) await refusal(use(`guess${tries}`, "203.0.113.5"));
    await expect(use("another", "203.0.113.5")).rejects.toMatchObject({ code: "rate-limited" });
    expect(await use(token, "203.0.113.5")).toMatchObject({ username: "root" });
    expect(await refusal(use("another", "203.0.113.6"))).toBe("unknown");
    const later = { ...ctx, clock: { now: () => ctx.clock.now() + 60_000, monotonic: () => 0 } };
    expect(
      await refusal(authenticateToken(later, { username: "root", token: "another", address: "203.0.113.5" })),
    ).toBe("unknown");
  });
});
