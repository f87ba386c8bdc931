import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ZodError } from "zod";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { AppError } from "@/lib/errors";
import { setLogLevel } from "@/lib/logger";
import { readSettings, writeSettings } from "@/lib/settings/settings";
import { isSetUp } from "./is-set-up";
import { verifyPassword } from "./password";
import { newUser } from "./schemas";
import { createUser, listUsers, resetPassword, setSuspended } from "./service";
import { completeSetup } from "./setup";

describe.each(["sqlite", "postgresql"] as const)("users on %s", (provider) => {
  let ctx: TestContext;
  beforeAll(async () => {
    setLogLevel("error");
    ctx = await testContext(provider);
  });
  afterAll(() => ctx.close());

  const codeOf = async (work: Promise<unknown>) => {
    const error = await work.catch((thrown: unknown) => thrown);
    return error instanceof AppError ? error.code : error;
  };

  it("makes a reseller with a password that is shown once and stored as a hash", async () => {
    const made = await createUser(ctx, ctx.root, newUser.parse({ username: " Alice ", email: "" }));
    expect(made).toMatchObject({ username: "alice", madePassword: expect.stringMatching(/^[0-9A-Za-z]{20}$/) });
    const row = await ctx.db.client.user.findUniqueOrThrow({ where: { id: made.id } });
    expect(row).toMatchObject({ role: "reseller", email: null, sessionEpoch: 1, suspendedAt: null });
    expect(row.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyPassword(row.passwordHash, made.madePassword ?? "")).toBe(true);
  });

  it("keeps names apart", async () => {
    const input = newUser.parse({ username: "bob", password: "a good password" });
    expect((await createUser(ctx, ctx.root, input)).madePassword).toBeNull();
    expect(await codeOf(createUser(ctx, ctx.root, input))).toBe("conflict");
  });

  it.each(["root", "engine", "a", "1abc", "a b", "ä", "x".repeat(33)])("refuses the name “%s”", (username) => {
    expect(newUser.safeParse({ username }).success).toBe(false);
  });

  it("is root's alone", async () => {
    const carol = await ctx.addReseller("carol");
    const input = { userId: carol.userId };
    expect(await codeOf(listUsers(ctx, carol, { q: "", page: 1 }))).toBe("forbidden");
    expect(await codeOf(createUser(ctx, carol, newUser.parse({ username: "dave" })))).toBe("forbidden");
    expect(await codeOf(setSuspended(ctx, carol, { ...input, isSuspended: true }))).toBe("forbidden");
    expect(await codeOf(resetPassword(ctx, carol, input))).toBe("forbidden");
  });

  it("never suspends or resets root", async () => {
    const input = { userId: ctx.root.userId };
    expect(await codeOf(setSuspended(ctx, ctx.root, { ...input, isSuspended: true }))).toBe("forbidden");
    expect(await codeOf(resetPassword(ctx, ctx.root, input))).toBe("forbidden");
  });

  it("lists a page with counts, found by name", async () => {
    const { rows, total } = await listUsers(ctx, ctx.root, { q: "ALIC", page: 1 });
    expect(total).toBe(1);
    expect(rows).toMatchObject([{ username: "alice", zones: 0, tokens: 0, suspendedAt: null }]);
    expect((await listUsers(ctx, ctx.root, { q: "", page: 99 })).rows).toEqual([]);
  });
});

describe.each(["sqlite", "postgresql"] as const)("first start on %s", (provider) => {
  let ctx: TestContext;
  beforeAll(async () => {
    ctx = await testContext(provider);
    await ctx.db.client.user.deleteMany();
    await ctx.db.transaction((tx) => writeSettings(tx, "server", { isSetUp: false }));
  });
  afterAll(() => ctx.close());

  const input = {
    password: "correct horse",
    hostname: "NS1.Example.com.",
    addresses: "192.0.2.1, ::ffff:192.0.2.1\n2001:DB8:0::1",
    kind: "dns-only",
    nameservers: "ns1.example.com ns2.example.com.",
  } as const;

  it.each([
    ["password", { password: "short" }],
    ["hostname", { hostname: "" }],
    ["hostname", { hostname: "192.0.2.1" }],
    ["hostname", { hostname: "https://example.com" }],
    ["addresses", { addresses: "" }],
    ["addresses", { addresses: "ns1.example.com" }],
    ["nameservers", { nameservers: "ns1..example.com" }],
  ])("names what is wrong with the %s", async (field, change) => {
    const error = await completeSetup(ctx, { ...input, ...change }).catch((thrown: unknown) => thrown);
    if (!(error instanceof ZodError)) throw error;
    expect(error.issues[0]?.path[0]).toBe(field);
    expect(await isSetUp(ctx)).toBe(false);
  });

  it("happens once, even when asked twice at once", async () => {
    const results = await Promise.allSettled([completeSetup(ctx, input), completeSetup(ctx, input)]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await isSetUp(ctx)).toBe(true);
    expect(await ctx.db.client.user.count()).toBe(1);
    expect(await readSettings(ctx.db.client, "server")).toMatchObject({
      hostname: "ns1.example.com",
      addresses: ["192.0.2.1", "2001:db8::1"],
      kind: "dns-only",
      serverId: expect.stringMatching(/^\w{32}$/),
    });
    expect((await readSettings(ctx.db.client, "zones")).nameservers).toEqual(["ns1.example.com.", "ns2.example.com."]);
  });
});
