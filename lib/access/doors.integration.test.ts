import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applicationFolder } from "@/lib/application-folder";
import { issueSession, sessionCookie } from "@/lib/auth/session-token";
import { freePort } from "@/lib/server/testing/free-port";
import { openContext, type ServerContext } from "@/lib/server/testing/open-context";
import { type ServerProcess, startServer } from "@/lib/server/testing/start-server";
import { DEFAULT_RESELLER_ACLS } from "@/lib/tokens/acls";
import { createToken } from "@/lib/tokens/service";
import { hashPassword } from "@/lib/users/password";
import { createZone, deleteZone } from "@/lib/zones/service";
import type { UserActor } from "./actor";
import { ACTION_INPUTS, type Aim } from "./testing/door-inputs";
import { ACTIONS, PAGES } from "./testing/doors";

/**
 * A walk through every door of a running server: each page and action, as nobody, as a suspended user, as a reseller without `clustering`, as two resellers
 * with it against each other, and as root; compared with the table of who may what. It needs a build (`npm run build`).
 */
type Role = "nobody" | "suspended" | "plain" | "bob" | "alice" | "root";

const zoneText = (name: string, address: string) =>
  `$ORIGIN ${name}\n$TTL 3600\n@ SOA ns1.example.net. hostmaster.example.net. 1 3600 900 1209600 300\n@ NS ns1.example.net.\nsecret A ${address}\n`;

/** What only alice may read, in any answer to others. */
const ALICES = /alice-zone|alice-bin|ns-of-alice|203\.0\.113\.77|203\.0\.113\.78|alice-token|alice-error/;

describe("the doors of a running server", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "zonefleet-doors-"));
  let server: ServerProcess;
  let ctx: ServerContext;
  const cookies = new Map<Role, string>();
  const aims = new Map<"alice" | "bob", Aim>();

  let passwordHash = "";
  const addAccount = async (username: string, acls: readonly string[]): Promise<UserActor> => {
    const user = await ctx.db.client.user.create({
      data: { username, role: "reseller", acls: JSON.stringify(acls), passwordHash, createdAt: 0n },
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
        ownerId: userId,
        ...endpoint,
        role: "sync",
        sealedCredential: "",
        createdAt: 0n,
        lastError: `${username}-error`,
      },
    });
    // The address of its page is made with the member's number.
    const job = { choice: "all-here", state: "done", actorName: "root", createdAt: 0n };
    await ctx.db.client.syncJob.create({ data: { id: member.id, ...job } });
    const notice = { event: "trust-broken", episode: username, ownerId: userId, raisedAt: 0n };
    const facts = JSON.stringify({ member: `ns-of-${username}.example`, cause: `${username}-error` });
    await ctx.db.client.notice.create({ data: { id: member.id, ...notice, facts } });
    const delivery = { noticeId: member.id, userId, channel: "mail", recipient: `${username}-token@example.com` };
    await ctx.db.client.noticeDelivery.create({ data: { id: member.id, ...delivery, state: "kept", nextAt: 0n } });
    await createToken(ctx, actor, { name: `${username}-token` });
    const { id: zoneId } = await ctx.db.client.zone.findUniqueOrThrow({ where: { name: zone } });
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

  const call = (
    role: Role,
    address: string,
    init: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<{ status: number; location: string; text: string }> =>
    new Promise((resolve, reject) => {
      const cookie = cookies.get(role);
      const request = https.request(
        `${server.url}${address}`,
        {
          method: init.method ?? "GET",
          rejectUnauthorized: false,
          headers: { origin: server.url, ...(cookie ? { cookie } : {}), ...init.headers },
        },
        (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (part: string) => {
            text += part;
          });
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              location: String(response.headers.location ?? response.headers["x-action-redirect"] ?? ""),
              text,
            }),
          );
        },
      );
      request.on("error", reject);
      request.end(init.body);
    });

  /** An aim at nothing that looks like the given one. */
  const missing = (aim: Aim): Aim => ({
    userId: 88_001,
    username: "xyzzy",
    zone: aim.zone.replaceAll(aim.username, "xyzzy"),
    binned: aim.binned.replaceAll(aim.username, "xyzzy"),
    zoneId: 88_002,
    seq: aim.seq,
    memberId: 88_003,
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

  const manifest = JSON.parse(
    readFileSync(path.join(applicationFolder(), ".next", "server", "server-reference-manifest.json"), "utf8"),
  ) as { node: Record<string, { filename: string; exportedName: string; workers: Record<string, unknown> }> };

  interface Outcome {
    readonly code: string;
    readonly text: string;
  }

  /** Posts to an action as the browser does. */
  const act = async (role: Role, file: string, name: string, args: readonly unknown[]): Promise<Outcome> => {
    const found = Object.entries(manifest.node).find(
      ([, entry]) => entry.filename === `app/${file}` && entry.exportedName === name,
    );
    const page = Object.keys(found?.[1].workers ?? {}).find((worker) => worker.endsWith("/page"));
    if (!found || !page) throw new Error(`The build has no action ${name} of ${file}.`);
    const address = addressOf(`${page.replace(/^app\//, "")}.tsx`, aimAt("alice"));
    const { body, type } = encode(args);
    const headers = { "next-action": found[0], "content-type": type, accept: "text/x-component" };
    const { status, location, text } = await call(role, address, { method: "POST", headers, body });
    expect(status, `${name} as ${role}`).toBeLessThan(500);
    if (location !== "" || status === 303) return { code: "redirected", text: location };
    const result = /^1:(\{.*\}|true|null)$/m.exec(text)?.[1] ?? "";
    if (result === "") throw new Error(`${name} as ${role}: no result in ${text.slice(0, 300)}`);
    const parsed = JSON.parse(result) as { ok?: boolean; error?: { code?: string } | null } | null;
    return { code: parsed?.error?.code ?? "ok", text: result };
  };

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

  it.each(actions)("action %s %s: %s", async (file, name, who) => {
    const input = ACTION_INPUTS[file]?.[name];
    if (!input) return;
    const alices = aimAt("alice");
    for (const role of ["nobody", "suspended"] as const)
      expect((await act(role, file, name, input(alices))).code, role).toBe("unauthenticated");
    const asPlain = await act("plain", file, name, input(alices));
    if (who !== "user") expect(asPlain.code).toBe("forbidden");
    const theirs = await act("bob", file, name, input(alices));
    if (who === "root") expect(theirs.code).toBe("forbidden");
    // Another's thing and no thing at all are one answer.
    const none = await act("bob", file, name, input(missing(alices)));
    expect(theirs.text.replaceAll("alice", "xyzzy")).toBe(none.text);
    const asRoot = await act("root", file, name, input(missing(alices)));
    expect(["unauthenticated", "forbidden"]).not.toContain(asRoot.code);
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

  describe("routes", () => {
    const zonePath = (aim: Aim) => encodeURIComponent(aim.zone.slice(0, -1));
    const routes: readonly {
      readonly name: string;
      readonly address: (aim: Aim) => string;
      readonly field?: string;
    }[] = [
      { name: "a zone file", address: (aim) => `/api/zones/${zonePath(aim)}/file` },
      { name: "receipts", address: (aim) => `/api/zones/${zonePath(aim)}/receipts` },
      { name: "search", address: (aim) => `/api/search?q=${aim.username}-zone` },
      { name: "an export", address: () => "/api/zones/export", field: "names" },
    ];
    it.each(routes)("$name", async ({ address, field }) => {
      const ask = (role: Role, aim: Aim) =>
        call(role, address(aim), {
          ...(field
            ? {
                method: "POST",
                body: `${field}=${encodeURIComponent(aim.zone)}`,
                headers: { "content-type": "application/x-www-form-urlencoded" },
              }
            : {}),
        });
      const alices = aimAt("alice");
      for (const role of ["nobody", "suspended"] as const) expect((await ask(role, alices)).status, role).toBe(401);
      const own = await ask("alice", alices);
      expect(own.status).toBe(200);
      for (const role of ["bob", "plain"] as const) {
        const theirs = await ask(role, alices);
        const none = await ask(role, missing(alices));
        expect({ ...theirs, text: theirs.text.replaceAll("alice", "xyzzy") }).toEqual(none);
        expect(theirs.text).not.toMatch(/203\.0\.113/);
      }
    });
  });
});

/** React's encoding of arguments: plain data as JSON, a form as parts of its own. */
function encode(args: readonly unknown[]): { body: string; type: string } {
  const form = args.find((argument) => argument instanceof FormData);
  if (!(form instanceof FormData)) return { body: JSON.stringify(args), type: "text/plain;charset=UTF-8" };
  const boundary = "----walk";
  const parts: [string, string][] = [...form.entries()].map(([name, value]) => [`_1_${name}`, String(value)]);
  parts.push(["0", JSON.stringify(args.map((argument) => (argument === form ? "$K1" : argument)))]);
  const lines = parts.map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return { body: `${lines.join("")}--${boundary}--\r\n`, type: `multipart/form-data; boundary=${boundary}` };
}
