import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UserActor } from "@/lib/access/actor";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { setLogLevel } from "@/lib/logger";
import { RUNNING } from "@/lib/nameserver/testing/running";
import { CLIENT_HEADER } from "@/lib/net/client-header";
import { writeSettings } from "@/lib/settings/settings";
import { DEFAULT_RESELLER_ACLS } from "@/lib/tokens/acls";
import { createToken } from "@/lib/tokens/service";
import { createZone } from "@/lib/zones/service";
import { FUNCTIONS } from "./api1";
import type { WhmServer } from "./call";
import { answerWhm } from "./http";
import { COMMANDS } from "./scripts2";
import { WIRE_COMMANDS, WIRE_FUNCTIONS, type WireAim, type WireDoor, type WireWho } from "./testing/wire-doors";

/**
 * A walk through every function and command of WHM's protocols: without a token, with a wrong one, as a suspended user, as resellers with each of the
 * privileges alone, as two resellers against each other, and as root; compared with the table of who may what.
 */

/** The one privilege that opens a door, beside `clustering` for what is about zones; null: none is needed, or none is enough. */
const PRIVILEGE: Readonly<Record<WireWho, string | null>> = {
  token: null,
  list: "list-zones",
  create: "create-dns",
  edit: "edit-dns",
  kill: "kill-dns",
  tokens: "manage-api-tokens",
  clustering: "clustering",
  root: null,
};
const SINGLE = ["clustering", ...DEFAULT_RESELLER_ACLS];

const zoneText = (name: string, address: string) =>
  `$ORIGIN ${name}\n$TTL 3600\n@ SOA ns1.example.net. h.example.net. 7 1h 15m 2w 5m\n@ NS ns1.example.net.\nsecret A ${address}\n`;

function isOpen(who: WireWho, privilege: string): boolean {
  const isAboutZones = ["list", "create", "edit", "kill"].includes(who);
  if (who === "token" || PRIVILEGE[who] === privilege) return true;
  return (isAboutZones && privilege === "clustering") || (who === "list" && privilege === "edit-dns");
}

describe("the doors of the wire", () => {
  let ctx: TestContext;
  let server: WhmServer;
  let calls = 0;
  const credentials = new Map<string, string>();
  const aims = new Map<string, WireAim>();

  const furnish = async (actor: UserActor, address: string) => {
    const { username, userId } = actor;
    const zone = `${username}-zone.example`;
    await createZone(ctx, actor, { name: `${zone}.`, text: zoneText(`${zone}.`, address) });
    const endpoint = { hostname: `ns-of-${username}.example`, address: "203.0.113.78", username: "root" };
    const member = await ctx.db.client.member.create({
      data: { ownerId: userId, ...endpoint, backend: "whm", role: "sync", sealedCredential: "", createdAt: 0n },
    });
    const job = { choice: "all-here", state: "applying", actorName: "root", createdAt: 0n, accountId: userId };
    await ctx.db.client.syncJob.create({ data: { id: member.id, ...job } });
    aims.set(username, { zone, memberId: member.id, tokenName: username });
  };
  const give = async (actor: UserActor, name = actor.username) => {
    const { token } = await createToken(ctx, actor, { name });
    credentials.set(name, `whm ${actor.username}:${token}`);
  };

  beforeAll(async () => {
    setLogLevel("error");
    ctx = await testContext("sqlite");
    server = { ...ctx, nameserver: () => RUNNING };
    await writeSettings(ctx.db.client, "server", { hostname: "ns1.example.com", addresses: ["192.0.2.53"] });
    const [alice, bob] = [await ctx.addReseller("alice", SINGLE), await ctx.addReseller("bob", SINGLE)];
    await furnish(alice, "203.0.113.77");
    await furnish(bob, "203.0.113.10");
    for (const actor of [alice, bob, ctx.root]) await give(actor);
    for (const privilege of SINGLE) {
      const actor = await ctx.addReseller(`only-${privilege}`, [privilege]);
      const name = `${actor.username}-zone.example.`;
      await createZone(ctx, ctx.root, { name, text: zoneText(name, "192.0.2.7"), ownerId: actor.userId });
      const token = { name: privilege, userId: actor.userId };
      credentials.set(privilege, `whm ${actor.username}:${(await createToken(ctx, ctx.root, token)).token}`);
      // Root's token with this privilege alone is held to it as well.
      const narrow = { name: `root-${privilege}`, acls: [privilege as "clustering"] };
      credentials.set(`root-${privilege}`, `whm root:${(await createToken(ctx, ctx.root, narrow)).token}`);
    }
    const suspended = await ctx.addReseller("suspended", SINGLE);
    await give(suspended);
    await ctx.db.client.user.update({ where: { id: suspended.userId }, data: { suspendedAt: 1n } });
    credentials.set("wrong", "whm root:0123456789abcdefghijklmnopqrstuv");
  });
  afterAll(() => ctx.close());

  const aimAt = (username: string): WireAim => {
    const aim = aims.get(username);
    if (!aim) throw new Error(`${username} has nothing yet.`);
    return aim;
  };
  const nothing: WireAim = { zone: "xyzzy-zone.example", memberId: 88_003, tokenName: "xyzzy" };

  const call = async (who: string, path: string, fields: Readonly<Record<string, string>>, method: "GET" | "POST") => {
    const query = Object.entries(fields).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    const credential = credentials.get(who);
    const address = `https://ns1.example.com${path}`;
    const request = new Request(method === "GET" ? `${address}?${query.join("&")}` : address, {
      method,
      // Somebody else each time: who comes with wrong tokens again and again has to wait.
      headers: {
        ...(credential ? { authorization: credential } : {}),
        [CLIENT_HEADER]: `2001:db8::${++calls % 9_000}`,
      },
      ...(method === "POST" ? { body: query.join("&") } : {}),
    });
    const response = await answerWhm(server, request);
    if (!response) throw new Error(`Nothing answers at ${path}.`);
    return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
  };

  it("are all in the table, and no others", () => {
    expect([...FUNCTIONS.keys()].sort()).toEqual(Object.keys(WIRE_FUNCTIONS).sort());
    expect([...COMMANDS.keys()].sort()).toEqual(Object.keys(WIRE_COMMANDS).sort());
  });

  const doors: [string, WireDoor, string][] = [
    ...Object.entries(WIRE_FUNCTIONS).map(([name, door]): [string, WireDoor, string] => [
      `/json-api/${name}`,
      door,
      "1",
    ]),
    ...Object.entries(WIRE_COMMANDS).map(([name, door]): [string, WireDoor, string] => [`/scripts2/${name}`, door, ""]),
  ];

  describe.each(doors)("%s", (path, { who, fields }, version) => {
    const args = (aim: WireAim) => ({ ...(version ? { "api.version": version } : {}), ...fields?.(aim) });
    const ask = (caller: string, aim: WireAim, method: "GET" | "POST" = "POST") =>
      call(caller, path, args(aim), method);

    it("opens to nobody without a valid token, and is the same to all of them", async () => {
      const answers = [];
      for (const caller of ["nobody", "wrong", "suspended"]) {
        const answer = await ask(caller, aimAt("alice"));
        expect(answer.status, caller).toBe(401);
        if (caller !== "nobody") answers.push(answer);
      }
      expect(answers[0]).toEqual(answers[1]);
    });

    it.each(SINGLE)("as the table says with %s alone, as an account's and as a token's", async (privilege) => {
      const mine = { ...nothing, zone: `only-${privilege}-zone.example` };
      expect((await ask(privilege, mine)).status === 403, "the account").toBe(!isOpen(who, privilege));
      // What is root's is asked of the account; some of it is open to root's token with `clustering`.
      const narrow = await ask(`root-${privilege}`, mine);
      if (who !== "root") expect(narrow.status === 403, "the token").toBe(!isOpen(who, privilege));
      else if (privilege !== "clustering") expect(narrow.status, "the token").toBe(403);
    });

    it("opens to root, and to a reseller for what is the reseller's own, unless it is root's", async () => {
      expect([401, 403]).not.toContain((await ask("root", nothing)).status);
      expect((await ask("bob", nothing)).status === 403).toBe(who === "root");
    });

    it.each(["GET", "POST"] as const)("finds another's thing as little as no thing, by %s", async (method) => {
      const theirs = await ask("bob", aimAt("alice"), method);
      const none = await ask("bob", nothing, method);
      const { memberId } = aimAt("alice");
      expect(theirs.text).not.toMatch(/203\.0\.113\.77|ns-of-alice/);
      expect({ ...theirs, text: theirs.text.replaceAll("alice", "xyzzy") }).toEqual({
        ...none,
        text: none.text.replaceAll(String(nothing.memberId), String(memberId)),
      });
    });
  });

  it("nothing of alice's was changed by anybody who came", async () => {
    const { client } = ctx.db;
    const zone = await client.zone.findUniqueOrThrow({ where: { name: "alice-zone.example." } });
    expect(zone).toMatchObject({ deletedAt: null, serial: 7n });
    const owner = { ownerId: zone.ownerId };
    expect(await client.zone.count({ where: owner })).toBe(1);
    expect(await client.member.findMany({ where: owner })).toMatchObject([{ role: "sync", lastErrorAt: null }]);
    expect(await client.apiToken.findMany({ where: { userId: zone.ownerId } })).toMatchObject([{ name: "alice" }]);
    expect(await client.syncJob.findMany({ where: { accountId: zone.ownerId } })).toMatchObject([
      { state: "applying" },
    ]);
  });
});
