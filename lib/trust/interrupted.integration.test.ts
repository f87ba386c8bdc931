import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type FetchServer, serveFetch } from "@/e2e/wire/serve-fetch";
import { startWireServer, type WireServer } from "@/e2e/wire/wire-server";
import { issueSession, sessionCookie } from "@/lib/auth/session-token";
import { setLogLevel } from "@/lib/logger";
import { closeMemberDrivers } from "@/lib/members/open-driver";
import { listMembers } from "@/lib/members/queries";
import { addMember, deleteMember } from "@/lib/members/service";
import type { AnyAnswer, WireRequest } from "@/lib/net/exchange";
import { actionCall, browserCall, builtAction } from "@/lib/server/testing/browser-call";
import { freePort } from "@/lib/server/testing/free-port";
import { openContext, type ServerContext } from "@/lib/server/testing/open-context";
import { type ServerProcess, startServer } from "@/lib/server/testing/start-server";
import { createToken } from "@/lib/tokens/service";

/**
 * A real server that sets a reverse trust up with a member that keeps it waiting, at the point that a test names, and is killed there or left alone. In the
 * end no token is left that belongs to nothing, at neither end, and the page says what was done. It needs a build (`npm run build`).
 */
describe("a reverse trust whose setting up is interrupted", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "zonefleet-trust-"));
  let server: ServerProcess;
  let here: ServerContext;
  let there: WireServer;
  let gate: FetchServer;
  let cookie = "";
  let id = 0;

  /** What the member does with the page that stores a server. */
  let onTrust: (store: () => Promise<AnyAnswer>) => Promise<AnyAnswer>;
  /** The member was called, and waits; `stored`: it has stored the server already. */
  let isWaiting: Promise<void>;
  let letGo: () => void = () => undefined;
  const wait = (when: "before" | "stored") => {
    let arrived: () => void = () => undefined;
    isWaiting = new Promise((resolve) => {
      arrived = resolve;
    });
    const released = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    onTrust = async (store) => {
      const answer = when === "stored" ? await store() : undefined;
      arrived();
      await released;
      return answer ?? store();
    };
  };

  /** Has read all that it was sent before it waits: it goes on when the caller is dead, too. */
  const trustPage = async (request: WireRequest) => {
    const body: Uint8Array[] = [];
    for await (const chunk of request.body ?? []) body.push(chunk);
    const whole = { ...request, body: Readable.from(body) };
    return onTrust(async () => (await there.answer(whole)) ?? new Response(null, { status: 404 }));
  };

  beforeAll(async () => {
    setLogLevel("error");
    there = await startWireServer("sqlite", { serverId: "NS", hostname: "ns1.example.net", addresses: ["127.0.0.1"] });
    gate = await serveFetch((request) =>
      request.url.includes("trustclustermaster") ? trustPage(request) : there.answer(request),
    );
    const env = {
      ZONEFLEET_DATA_DIR: path.join(folder, "data"),
      ZONEFLEET_ROOT_PASSWORD: "correct horse battery staple",
      ZONEFLEET_HOSTNAME: "web1.example.net",
      ZONEFLEET_ADDRESSES: "127.0.0.1",
      ZONEFLEET_ALLOWED_MEMBER_NETWORKS: "127.0.0.0/8",
      ZONEFLEET_DNS_LISTEN: `127.0.0.1@${await freePort()}`,
    };
    server = await startServer({ dataDir: env.ZONEFLEET_DATA_DIR, env });
    here = await openContext(env);
    const { sessionEpoch: epoch } = await here.db.client.user.findUniqueOrThrow({ where: { id: here.root.userId } });
    cookie = `${sessionCookie(here).name}=${await issueSession(here, { userId: here.root.userId, epoch })}`;
  }, 120_000);
  afterAll(async () => {
    letGo();
    await closeMemberDrivers(there.ctx);
    await here?.close();
    await server?.stop();
    await Promise.all([gate?.close(), there?.close()]);
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    letGo();
    for (const { ctx } of [{ ctx: here }, there])
      for (const { id } of (await listMembers(ctx, ctx.root)).rows) await deleteMember(ctx, ctx.root, { id });
  });

  const addTheMember = async () => {
    const form = { backend: "whm" as const, hostname: "127.0.0.1", port: gate.port, username: "root", debug: false };
    const name = `web-${Math.floor(performance.now() * 1_000)}`;
    const { token } = await createToken(there.ctx, there.ctx.root, { name, acls: ["clustering"] });
    ({ id } = await addMember(here, here.root, { ...form, token, role: "sync", pin: gate.pin }));
    // It has zones of its own, so its half is needed.
    await here.db.client.member.update({ where: { id }, data: { kind: "web-server" } });
  };
  /** The button "Set up reverse trust" of the page. */
  const press = async () => {
    const action = builtAction("(panel)/cluster/actions.ts", "setUpReverseTrust");
    return browserCall(server.url, { ...actionCall(action, "/cluster/trust", [{ id }]), cookie });
  };
  const tokens = () => here.db.client.apiToken.findMany({ where: { memberId: { not: null } } });
  const trust = async () => (await listMembers(here, here.root)).rows[0]?.trust;
  const page = async () => (await browserCall(server.url, { address: "/cluster/trust", cookie })).text;
  const killInTheMiddle = async () => {
    const pressed = press().then(
      () => "answered",
      () => "cut off",
    );
    await isWaiting;
    expect(await tokens()).toHaveLength(1);
    await server.kill();
    expect(await pressed).toBe("cut off");
    letGo();
    await server.start();
  };

  it("is taken back when the server is killed before the member stored it", { timeout: 480_000 }, async () => {
    await addTheMember();
    wait("before");
    await killInTheMiddle();
    await expect.poll(trust, { timeout: 400_000 }).toMatchObject({
      state: "one-way",
      remedy: "set-up",
      theirs: { state: "missing", reason: expect.stringContaining("was interrupted when this server stopped") },
    });
    expect(await tokens()).toEqual([]);
    expect((await listMembers(there.ctx, there.ctx.root)).total).toBe(0);
    expect(await page()).toContain("the API token that had been made for it was revoked");
    const ended = await here.db.client.auditEvent.findFirst({ where: { action: "token.revoke", actorName: "engine" } });
    expect(ended?.subject).toMatch(/^reverse-trust-/);
  });

  it("is finished when the server is killed after the member stored it", { timeout: 480_000 }, async () => {
    await addTheMember();
    wait("stored");
    const before = new Set((await here.db.client.apiToken.findMany()).map((token) => token.id));
    await killInTheMiddle();
    // On a machine so busy that the member answers too late it is asked again after five minutes.
    await expect.poll(trust, { timeout: 400_000 }).toMatchObject({
      state: "whole",
      theirs: { state: "works", reason: expect.stringContaining("was finished when it started again") },
    });
    const [token, ...others] = await tokens();
    expect(others).toEqual([]);
    expect(before.has(token?.id ?? 0)).toBe(false);
    const { rows } = await listMembers(there.ctx, there.ctx.root);
    expect(rows).toMatchObject([{ hostname: "127.0.0.1", role: "standalone" }]);
    expect(await page()).toContain("was finished when it started again");
  });

  it("is taken back when the member refuses", async () => {
    await addTheMember();
    onTrust = async () => new Response("Error: not today\n", { status: 400 });
    expect((await press()).text).toMatch(/"isEstablished":false.*It was revoked again.*not today/);
    expect(await tokens()).toEqual([]);
    expect((await listMembers(there.ctx, there.ctx.root)).total).toBe(0);
  });

  it("is taken back when the member falls silent, and what it did nevertheless is seen", {
    timeout: 90_000,
  }, async () => {
    await addTheMember();
    wait("stored");
    const { text } = await press();
    expect(text).toMatch(/"isEstablished":false.*It was revoked again.*is asked again soon/);
    expect(await tokens()).toEqual([]);
    letGo();
    await browserCall(server.url, {
      ...actionCall(builtAction("(panel)/cluster/actions.ts", "checkTrustNow"), "/cluster/trust", [{ id }]),
      cookie,
    });
    expect(await trust()).toMatchObject({ state: "broken", remedy: "set-up", theirs: { state: "broken" } });
    onTrust = (store) => store();
    expect((await press()).text).toContain('"isEstablished":true');
    expect(await trust()).toMatchObject({ state: "whole" });
  });
});
