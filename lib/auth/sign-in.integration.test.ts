import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { AppError } from "@/lib/errors";
import { setLogLevel } from "@/lib/logger";
import { DEFAULT_RESELLER_ACLS } from "@/lib/tokens/acls";
import { changePassword, signOutEverywhere } from "@/lib/users/own-account";
import { createUser, resetPassword, setSuspended } from "@/lib/users/service";
import { sessionActor } from "./session-actor";
import { issueSession } from "./session-token";
import { signIn } from "./sign-in";

describe.each(["sqlite", "postgresql"] as const)("sign-in on %s", (provider) => {
  let ctx: TestContext;
  let names = 0;
  let now = Date.now();
  beforeAll(async () => {
    setLogLevel("error");
    ctx = await testContext(provider, { clock: { now: () => now, monotonic: () => now } });
  });
  afterAll(() => ctx.close());

  const newUser = async () => {
    const username = `user${++names}`;
    const { id } = await createUser(ctx, ctx.root, { username, email: null, password: "a good password" });
    return { id, username };
  };
  const attempt = (username: string, password = "wrong", address = `192.0.2.${names}`) =>
    signIn(ctx, { username, password, address });
  const refusal = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => new Error("was let in"),
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof AppError)) throw error;
    return error;
  };

  it("lets in who knows the password, whatever the case of the name", async () => {
    const { id, username } = await newUser();
    const claims = await attempt(` ${username.toUpperCase()} `, "a good password");
    expect(claims).toEqual({ userId: id, epoch: 1 });
    const audit = await ctx.db.client.auditEvent.findFirstOrThrow({
      where: { action: "session.start", subject: username },
    });
    expect(audit).toMatchObject({ actorName: username, address: `192.0.2.${names}` });
  });

  it("says the same of a wrong password and of an unknown user", async () => {
    const { username } = await newUser();
    const [known, unknown] = [await refusal(attempt(username)), await refusal(attempt(`${username}-not`))];
    expect(known).toMatchObject({ code: "unauthenticated", message: unknown.message });
  });

  it("slows guessing of one user down, says for how long, and lets them in afterwards", async () => {
    const { username } = await newUser();
    for (let tries = 0; tries < 5; tries++)
      expect((await refusal(attempt(username, "wrong", `198.51.100.${tries}`))).code).toBe("unauthenticated");
    const error = await refusal(attempt(username, "a good password"));
    expect(error).toMatchObject({ code: "rate-limited", message: "Too many sign-ins failed. Try again in 5 seconds." });
    now += 5_000;
    await expect(attempt(username, "a good password")).resolves.toMatchObject({ epoch: 1 });
    expect(await ctx.db.client.signInFailure.count({ where: { key: `user:${username}` } })).toBe(0);
  });

  it("does not let many attempts at once slip by together", async () => {
    const { username } = await newUser();
    const codes = await Promise.all(
      Array.from({ length: 12 }, async (_, n) => (await refusal(attempt(username, "wrong", `203.0.113.${n}`))).code),
    );
    expect(codes.filter((code) => code === "unauthenticated")).toHaveLength(5);
  });

  it("stops an address that tries many names", async () => {
    const { username } = await newUser();
    const address = "2001:db8:1:2::";
    for (let tries = 0; tries < 15; tries++)
      await refusal(attempt(`nobody${tries}`, "wrong", `${address}${tries + 1}`));
    expect((await refusal(attempt(username, "a good password", `${address}ffff`))).code).toBe("rate-limited");
    await expect(attempt(username, "a good password", "2001:db8:1:3::1")).resolves.toBeDefined();
  });

  it("forgets failures after an hour", async () => {
    const { username } = await newUser();
    for (let tries = 0; tries < 5; tries++) await refusal(attempt(username, "wrong", `198.51.100.${tries}`));
    now += 60 * 60_000 + 1;
    await refusal(attempt(username));
    expect(await ctx.db.client.signInFailure.count({ where: { key: `user:${username}` } })).toBe(1);
  });

  it("tells a suspended user so only when they know the password", async () => {
    const { id, username } = await newUser();
    await setSuspended(ctx, ctx.root, { userId: id, isSuspended: true });
    expect((await refusal(attempt(username))).code).toBe("unauthenticated");
    expect((await refusal(attempt(username, "a good password"))).code).toBe("forbidden");
  });

  describe("a session", () => {
    const open = async () => {
      const { id, username } = await newUser();
      const claims = await attempt(username, "a good password");
      const cookie = await issueSession(ctx, claims);
      const actor = await sessionActor(ctx, cookie, "192.0.2.1");
      if (!actor) throw new Error("the session does not work");
      return { id, username, cookie, actor, isOpen: async () => (await sessionActor(ctx, cookie, "")) !== null };
    };

    it("carries who it is, from where", async () => {
      const { id, username, actor } = await open();
      expect(actor).toEqual({
        kind: "user",
        userId: id,
        username,
        role: "reseller",
        privileges: [...DEFAULT_RESELLER_ACLS],
        address: "192.0.2.1",
      });
    });

    it.each<[string, (session: Awaited<ReturnType<typeof open>>) => Promise<unknown>]>([
      ["signing out everywhere", ({ actor }) => signOutEverywhere(ctx, actor)],
      ["a suspension", ({ id }) => setSuspended(ctx, ctx.root, { userId: id, isSuspended: true })],
      ["a password reset by root", ({ id }) => resetPassword(ctx, ctx.root, { userId: id })],
      [
        "a new password",
        ({ actor }) =>
          changePassword(ctx, actor, { current: "a good password", next: "a better one", again: "a better one" }),
      ],
    ])("ends with %s", async (_case, work) => {
      const session = await open();
      expect(await session.isOpen()).toBe(true);
      await work(session);
      expect(await session.isOpen()).toBe(false);
    });

    it("stays ended after a suspension is lifted", async () => {
      const session = await open();
      for (const isSuspended of [true, false]) await setSuspended(ctx, ctx.root, { userId: session.id, isSuspended });
      expect(await session.isOpen()).toBe(false);
    });

    it("goes on, with its new epoch, where the password was changed", async () => {
      const { id, actor } = await open();
      const input = { current: "a good password", next: "a better one", again: "a better one" };
      const { epoch } = await changePassword(ctx, actor, input);
      expect(await sessionActor(ctx, await issueSession(ctx, { userId: id, epoch }), "")).not.toBeNull();
      const error = await refusal(changePassword(ctx, actor, input));
      expect(error.extra.fields).toHaveProperty("current");
    });

    it.each(["", "nonsense", "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..a.b.c"])(
      "is not made by the cookie “%s”",
      async (cookie) => {
        expect(await sessionActor(ctx, cookie, "")).toBeNull();
      },
    );
  });
});
