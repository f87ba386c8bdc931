import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { issueSession, sessionCookie } from "@/lib/auth/session-token";
import { actionCall, type BrowserCall, browserCall, builtAction } from "@/lib/server/testing/browser-call";
import { freePort } from "@/lib/server/testing/free-port";
import { openContext, type ServerContext } from "@/lib/server/testing/open-context";
import { type ServerProcess, startServer } from "@/lib/server/testing/start-server";
import { DEFAULT_RESELLER_ACLS } from "@/lib/tokens/acls";
import { createToken } from "@/lib/tokens/service";
import { hashPassword } from "@/lib/users/password";
import { createZone, deleteZone } from "@/lib/zones/service";
import type { UserActor } from "./actor";
import { ACTION_INPUTS, type Aim, LOOKING_PAGES, ROUTE_CALLS, type RouteCall } from "./testing/door-inputs";
import { ACTIONS, PAGES, ROUTES } from "./testing/doors";

/**
 * A walk through every door of a running server: each page, action and route, as nobody, as a suspended user, as a reseller without `clustering`, as two resellers
 * with it against each other, and as root; compared with the table of who may what. It needs a build (`npm run build`).
 */
type Role = "nobody" | "suspended" | "plain" | "bob" | "alice" | "root";

const zoneText = (name: string, address: string) =>
  `$ORIGIN ${name}\n$TTL 3600\n@ SOA ns1.example.net. hostmaster.example.net. 1 3600 900 1209600 300\n@ NS ns1.example.net.\nsecret A ${address}\n`;

/** What only alice may read, in any answer to others. */
const ALICES = /alice-zone|alice-bin|ns-of-alice|203\.0\.113\.77|203\.0\.113\.78|alice-token|alice-error|alice-orphan/;

describe("the doors of a running server", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "zonefleet-doors-"));
  let server: ServerProcess;
  let ctx: ServerContext;
  const cookies = new Map<Role, string>();
  const aims = new Map<"alice" | "bob", Aim>();

  let passwordHash = "";
  /** Of accounts and members: numbers that nothing else of a page has. */
  let nextId = 770_001;
  const addAccount = async (username: string, acls: readonly string[]): Promise<UserActor> => {
    const user = await ctx.db.client.user.create({
      data: { id: nextId++, username, role: "reseller", acls: JSON.stringify(acls), passwordHash, createdAt: 0n },
    });
    return { kind: "user", userId: user.id, username, role: "reseller", privileges: acls };
  };
  const openSession = async (role: Role, { userId }: UserActor) => {
    const { sessionEpoch } = await ctx.db.client.user.findUniqueOrThrow({ where: { id: userId } });
    const token = await issueSession(ctx, { userId, epoch: sessionEpoch });
    cookies.set(role, `${sessionCookie(ctx).name}=${token}`);
  };
  const furnish = async (actor: UserActor): Promise<Aim> => {
    const { username, userId } = actor;
    const [zone, binned] = [`${username}-zone.example.`, `${username}-bin.example.`];
    const host = username === "alice" ? 77 : 10;
    const text = (name: string) => zoneText(name, `203.0.113.${host}`);
    const { seq } = await createZone(ctx, actor, { name: zone, text: text(zone) });
    await createZone(ctx, actor, { name: binned, text: text(binned) });
    await deleteZone(ctx, actor, { name: binned });
    const endpoint = {
      hostname: `ns-of-${username}.example`,
      address: `203.0.113.${host + 1}`,
      username: "root",
      backend: "whm",
    };
    const member = await ctx.db.client.member.create({
      data: {
        id: nextId++,
        ownerId: userId,
        ...endpoint,
        role: "sync",
        sealedCredential: "",
        createdAt: 0n,
        lastError: `${username}-error`,
      },
    });
    // The address of its page is made with the member's number.
    const job = { choice: "all-here", state: "done", actorName: "root", accountId: userId, createdAt: 0n };
    await ctx.db.client.syncJob.create({ data: { id: member.id, ...job } });
    const step = { jobId: member.id, memberId: member.id, action: "take", kind: "add", hereSeq: 0n, records: 1 };
    await ctx.db.client.syncItem.create({ data: { ...step, zone, state: "failed", message: `${username}-error` } });
    const orphan = { memberId: member.id, zone: `${username}-orphan.example.`, side: "there", kind: "unknown" };
    await ctx.db.client.orphan.create({ data: { id: member.id, ...orphan, firstSeenAt: 0n, lastSeenAt: 0n } });
    const set = { kind: "import", state: "done", actorId: userId, actorName: username, createdAt: 0n, appliedAt: 0n };
    await ctx.db.client.changeSet.create({ data: { id: member.id, ...set } });
    await ctx.db.client.revision.update({ where: { seq: BigInt(seq) }, data: { changeSetId: member.id } });
    const notice = { event: "trust-broken", episode: username, ownerId: userId, raisedAt: 0n };
    const facts = JSON.stringify({ member: `ns-of-${username}.example`, cause: `${username}-error` });
    await ctx.db.client.notice.create({ data: { id: member.id, ...notice, facts } });
    const delivery = { noticeId: member.id, userId, channel: "mail", recipient: `${username}-token@example.com` };
    await ctx.db.client.noticeDelivery.create({ data: { id: member.id, ...delivery, state: "kept", nextAt: 0n } });
    await createToken(ctx, actor, { name: `${username}-token` });
    const { id: zoneId } = await ctx.db.client.zone.findUniqueOrThrow({ where: { name: zone } });
    const { text: lostText } = await ctx.db.client.revision.findUniqueOrThrow({ where: { seq: BigInt(seq) } });
    const copies = {
      wonSeq: BigInt(seq),
      lostText,
      lostSerial: 1n,
      lostDigest: "other",
      isOursLost: false,
    };
    await ctx.db.client.conflict.create({ data: { id: member.id, zoneId, at: BigInt(Date.now()), ...copies } });
    return { userId, username, zone, binned, zoneId, seq, memberId: member.id, token: `${username}-token` };
  };

  beforeAll(async () => {
    const env = {
      ZONEFLEET_DATA_DIR: path.join(folder, "data"),
      ZONEFLEET_ROOT_PASSWORD: "correct horse battery staple",
      ZONEFLEET_HOSTNAME: "web1.example.net",
      ZONEFLEET_ADDRESSES: "192.0.2.10",
      ZONEFLEET_DNS_LISTEN: `127.0.0.1@${await freePort()}`,
    };
    server = await startServer({ dataDir: env.ZONEFLEET_DATA_DIR, env });
    ctx = await openContext(env);
    passwordHash = await hashPassword("a good password");
    const full = ["clustering", ...DEFAULT_RESELLER_ACLS];
    const [alice, bob] = [await addAccount("alice", full), await addAccount("bob", full)];
    aims.set("alice", await furnish(alice));
    aims.set("bob", await furnish(bob));
    const suspended = await addAccount("suspended", full);
    await openSession("alice", alice);
    await openSession("bob", bob);
    await openSession("plain", await addAccount("plain", DEFAULT_RESELLER_ACLS));
    await openSession("suspended", suspended);
    await openSession("root", ctx.root);
    await ctx.db.client.user.update({ where: { id: suspended.userId }, data: { suspendedAt: 1n } });
  }, 120_000);
  afterAll(async () => {
    await ctx?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const call = (role: Role, address: string, init: Omit<BrowserCall, "address" | "cookie"> = {}) =>
    browserCall(server.url, { ...init, address, cookie: cookies.get(role) });

  /** An aim at nothing that looks like the given one. */
  const missing = (aim: Aim): Aim => ({
    userId: 880_001,
    username: "xyzzy",
    zone: aim.zone.replaceAll(aim.username, "xyzzy"),
    binned: aim.binned.replaceAll(aim.username, "xyzzy"),
    zoneId: 880_002,
    seq: aim.seq,
    memberId: 880_003,
    token: "xyzzy-token",
  });
  const aimAt = (name: "alice" | "bob"): Aim => {
    const aim = aims.get(name);
    if (!aim) throw new Error(`${name} has nothing yet.`);
    return aim;
  };

  /** The address of a page file, filled in with what `aim` has. */
  const addressOf = (file: string, aim: Aim): string => {
    const address = file
      .replace(/\/?page\.tsx$/, "")
      .replace(/\([^)]+\)\/?/g, "")
      .replace("[name]", aim.zone.slice(0, -1))
      .replace("[seq]", String(aim.seq))
      .replace("[what]", "status")
      .replace("[id]", file.includes("/templates/") ? "new" : String(aim.memberId));
    return `/${address}`;
  };

  const shown = async (role: Role, address: string): Promise<"in" | "missing" | "sign-in"> => {
    const { status, location, text } = await call(role, address);
    expect(status, address).toBeLessThan(500);
    if (location.includes("/sign-in")) return "sign-in";
    // The address that was asked for is in the answer, whatever it is.
    const told = text.replaceAll(aimAt("alice").zone.slice(0, -1), (zone) => (address.includes(zone) ? "" : zone));
    if (role !== "alice" && role !== "root") expect(told, address).not.toMatch(ALICES);
    // A page that had begun to stream says it in its stream.
    return status === 404 || text.includes("NEXT_HTTP_ERROR_FALLBACK;404") ? "missing" : "in";
  };

  const guarded = Object.entries(PAGES).filter(([, who]) => who !== "everybody");

  it.each(guarded)("page %s: %s", async (file, who) => {
    const [alices, bobs] = [addressOf(file, aimAt("alice")), addressOf(file, aimAt("bob"))];
    expect(await shown("nobody", alices)).toBe("sign-in");
    expect(await shown("suspended", alices)).toBe("sign-in");
    expect(await shown("root", alices)).toBe("in");
    expect(await shown("alice", alices)).toBe(who === "root" ? "missing" : "in");
    expect(await shown("bob", bobs)).toBe(who === "root" ? "missing" : "in");
    if (alices !== bobs) {
      expect(await shown("bob", alices)).toBe("missing");
      expect(await shown("plain", alices)).toBe("missing");
    } else expect(await shown("plain", alices)).toBe(who === "user" ? "in" : "missing");
  });

  interface Outcome {
    readonly code: string;
    readonly text: string;
  }

  /** Posts to an action as the browser does. */
  const act = async (role: Role, file: string, name: string, args: readonly unknown[]): Promise<Outcome> => {
    const built = builtAction(file, name);
    const { address, ...init } = actionCall(built, addressOf(built.page, aimAt("alice")), args);
    const { status, location, text } = await call(role, address, init);
    expect(status, `${name} as ${role}`).toBeLessThan(500);
    if (location !== "" || status === 303) return { code: "redirected", text: location };
    const result = /^1:(\{.*\}|true|null)$/m.exec(text)?.[1] ?? "";
    if (result === "") throw new Error(`${name} as ${role}: no result in ${text.slice(0, 300)}`);
    const parsed = JSON.parse(result) as { ok?: boolean; error?: { code?: string } | null } | null;
    return { code: parsed?.error?.code ?? "ok", text: result };
  };

  /** Without what the caller typed, which a form gives back as it was. */
  const told = (text: string) => text.replace(/"entered":\{[^}]*\}/, "");

  const actions = Object.entries(ACTIONS).flatMap(([file, entries]) =>
    Object.entries(entries).map(([name, who]) => [file, name, who] as const),
  );

  it("every action says how it is called", () => {
    expect(actions.map(([file, name]) => `${file} ${name}`).sort()).toEqual(
      Object.entries(ACTION_INPUTS)
        .flatMap(([file, entries]) => Object.keys(entries).map((name) => `${file} ${name}`))
        .sort(),
    );
  });

  const forUsers = actions.filter(([, , who]) => who !== "everybody");
  const inputOf = (file: string, name: string) => {
    const input = ACTION_INPUTS[file]?.[name];
    if (!input) throw new Error(`Nobody said how ${name} is called.`);
    return input;
  };

  it.each(forUsers)("action %s %s: %s", async (file, name, who) => {
    const input = inputOf(file, name);
    const alices = aimAt("alice");
    for (const role of ["nobody", "suspended"] as const)
      expect((await act(role, file, name, input(alices))).code, role).toBe("unauthenticated");
    const asPlain = await act("plain", file, name, input(alices));
    if (who !== "user") expect(asPlain.code).toBe("forbidden");
    const theirs = await act("bob", file, name, input(alices));
    if (who === "root") expect(theirs.code).toBe("forbidden");
    // Another's thing and no thing at all are one answer.
    const none = await act("bob", file, name, input(missing(alices)));
    expect(told(theirs.text.replaceAll("alice", "xyzzy"))).toBe(told(none.text));
    const asRoot = await act("root", file, name, input(missing(alices)));
    expect(["unauthenticated", "forbidden"]).not.toContain(asRoot.code);
  });

  it.each(actions.filter(([, , who]) => who === "everybody"))(
    "action %s %s: the same for everybody, who learns nothing by it",
    async (file, name) => {
      const input = inputOf(file, name);
      const none = await act("nobody", file, name, input(missing(aimAt("alice"))));
      expect(none).toMatchObject({ code: "ok", text: expect.stringContaining('"ok":false') });
      // No more often than a name may be tried without a wait.
      for (const role of ["nobody", "bob", "alice", "root"] as const) {
        const { code, text } = await act(role, file, name, input(aimAt("alice")));
        expect({ code, text: text.replaceAll("alice", "xyzzy") }, role).toEqual(none);
      }
    },
  );

  /** What a call is answered, as far as it does not depend on the moment or on what was asked for. */
  const normal = ({ status, location, text }: { status: number; location: string; text: string }, aim: Aim) => {
    const plain = (words: string) =>
      words
        .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
        .replace(/[0-9a-f]{64}|[A-Za-z0-9+/]{22}==/g, "RANDOM")
        .replaceAll(aim.username, "NAME")
        .replaceAll(String(aim.memberId), "NUMBER")
        .replaceAll(String(aim.userId), "NUMBER");
    return { status, location: plain(location), text: plain(text) };
  };

  describe("route", () => {
    it("calls are said for every one", () => {
      expect(Object.keys(ROUTE_CALLS).sort()).toEqual(Object.keys(ROUTES).sort());
    });

    const ask = (role: Role, { address, form, isEndless }: RouteCall) =>
      call(role, address, {
        isEndless,
        ...(form
          ? {
              method: "POST",
              body: new URLSearchParams(form).toString(),
              headers: { "content-type": "application/x-www-form-urlencoded" },
            }
          : {}),
      });
    /** Each call to the file: at alice's things, and at nothing. */
    const pairsOf = (file: string): [RouteCall, RouteCall][] => {
      const calls = ROUTE_CALLS[file];
      const nothing = calls?.(missing(aimAt("alice"))) ?? [];
      return (calls?.(aimAt("alice")) ?? []).map((one, index) => [one, nothing[index] ?? one]);
    };

    it.each(Object.entries(ROUTES))("%s: %s", async (file, who) => {
      const [alices, nobodys] = [aimAt("alice"), missing(aimAt("alice"))];
      for (const [theirs, none] of pairsOf(file)) {
        const at = theirs.address;
        if (who !== "everybody")
          for (const role of ["nobody", "suspended"] as const) expect((await ask(role, theirs)).status, at).toBe(401);
        for (const role of ["root", "alice"] as const) {
          const { status } = await ask(role, theirs);
          if (who === "everybody") expect(status, at).toBeLessThan(500);
          else expect(status, at).toBe(200);
        }
        for (const role of ["nobody", "suspended", "plain", "bob"] as const) {
          if (who !== "everybody" && ["nobody", "suspended"].includes(role)) continue;
          const answer = await ask(role, theirs);
          expect(answer.text.replaceAll(alices.zone.slice(0, -1), ""), at).not.toMatch(/203\.0\.113|alice-token/);
          expect(normal(answer, alices), `${at} as ${role}`).toEqual(normal(await ask(role, none), nobodys));
        }
      }
    });
  });

  describe("another's thing and no thing at all are one answer", () => {
    const sameFor = async (role: Role, address: (aim: Aim) => string) => {
      const [alices, nobodys] = [aimAt("alice"), missing(aimAt("alice"))];
      // A page comes in parts, cut where the server had its turn: what differs for any other reason differs every time.
      const look = async () => ({
        theirs: normal(await call(role, address(alices)), alices),
        none: normal(await call(role, address(nobodys)), nobodys),
      });
      let seen = await look();
      for (let tries = 1; tries < 5 && !isDeepStrictEqual(seen.theirs, seen.none); tries++) seen = await look();
      expect(seen.theirs).toEqual(seen.none);
    };
    const aimed = guarded
      .map(([file]) => file)
      .filter((file) => file.includes("[") && !file.includes("/templates/") && !file.includes("/changed/"));

    it.each(aimed)("page %s", async (file) => {
      for (const role of ["bob", "plain"] as const) await sameFor(role, (aim) => addressOf(file, aim));
    });

    it.each(LOOKING_PAGES.map((address) => [address] as const))("%s", async (address) => {
      for (const role of ["bob", "plain"] as const) await sameFor(role, address);
    });
  });

  it("nothing of alice's was changed by anybody who came", async () => {
    const { userId, zone, binned, memberId, seq } = aimAt("alice");
    const db = ctx.db.client;
    expect(await db.zone.findUniqueOrThrow({ where: { name: zone } })).toMatchObject({
      ownerId: userId,
      changeSeq: BigInt(seq),
      deletedAt: null,
    });
    expect(await db.zone.findUniqueOrThrow({ where: { name: binned } })).toMatchObject({
      ownerId: userId,
      purgedAt: null,
    });
    expect(await db.member.findUniqueOrThrow({ where: { id: memberId } })).toMatchObject({
      ownerId: userId,
      role: "sync",
    });
    expect(await db.apiToken.count({ where: { userId } })).toBe(1);
    expect(await db.user.findUniqueOrThrow({ where: { id: userId } })).toMatchObject({
      suspendedAt: null,
      uniqueCluster: false,
      sessionEpoch: 1,
    });
  });
});
