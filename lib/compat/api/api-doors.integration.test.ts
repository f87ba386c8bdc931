import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UserActor } from "@/lib/access/actor";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { setLogLevel } from "@/lib/logger";
import { CLIENT_HEADER } from "@/lib/net/client-header";
import { DEFAULT_RESELLER_ACLS } from "@/lib/tokens/acls";
import { createToken } from "@/lib/tokens/service";
import { createZone } from "@/lib/zones/service";
import { answerRest, ENDPOINTS } from "./http";
import { API_ENDPOINTS, type ApiAim, type ApiWho } from "./testing/api-doors";

/** A walk through every endpoint of the REST API: as nobody, as a suspended user, with each of the privileges alone, as two resellers against each other, and as root. */
const SINGLE = ["clustering", ...DEFAULT_RESELLER_ACLS];
const OPENS: Readonly<Record<ApiWho, readonly string[]>> = {
  list: ["clustering", "list-zones", "edit-dns"],
  edit: ["clustering", "edit-dns"],
};
const zoneText = (address: string) =>
  `$TTL 3600\n@ SOA ns1.example.net. h.example.net. 7 1h 15m 2w 5m\n@ NS ns1.example.net.\nsecret A ${address}\n`;

describe("the doors of the REST API", () => {
  let ctx: TestContext;
  let calls = 0;
  const credentials = new Map<string, string>();
  const aims = new Map<string, ApiAim>();
  const nothing: ApiAim = { zone: "xyzzy-zone.example", change: 880_003 };

  const furnish = async (actor: UserActor, address: string) => {
    const zone = `${actor.username}-zone.example`;
    const { seq } = await createZone(ctx, actor, { name: `${zone}.`, text: zoneText(address) });
    aims.set(actor.username, { zone, change: seq });
  };
  const give = async (actor: UserActor, name: string, acls?: readonly string[]) => {
    const input = { name, userId: actor.userId, ...(acls ? { acls: [...acls] } : {}) };
    const { token } = await createToken(ctx, ctx.root, input);
    credentials.set(name, `Bearer ${token}`);
  };

  beforeAll(async () => {
    setLogLevel("error");
    ctx = await testContext("sqlite");
    const people = [await ctx.addReseller("alice", SINGLE), await ctx.addReseller("bob", SINGLE)];
    for (const [index, actor] of people.entries()) {
      await furnish(actor, `203.0.113.${77 + index}`);
      await give(actor, actor.username);
    }
    await give(ctx.root, "root");
    for (const privilege of SINGLE) {
      const actor = await ctx.addReseller(`only-${privilege}`, [privilege]);
      const { seq } = await createZone(ctx, ctx.root, {
        ...{ name: `only-${privilege}.example.`, text: zoneText("192.0.2.7"), ownerId: actor.userId },
      });
      aims.set(privilege, { zone: `only-${privilege}.example`, change: seq });
      await give(actor, privilege);
      await give(ctx.root, `root-${privilege}`, [privilege]);
    }
    const suspended = await ctx.addReseller("suspended", SINGLE);
    await give(suspended, "suspended");
    await ctx.db.client.user.update({ where: { id: suspended.userId }, data: { suspendedAt: 1n } });
    credentials.set("wrong", "Bearer 0123456789abcdefghijklmnopqrstuv");
    credentials.set("another's name", (credentials.get("alice") ?? "").replace("Bearer ", "whm bob:"));
  });
  afterAll(() => ctx.close());

  const aimAt = (name: string): ApiAim => {
    const aim = aims.get(name);
    if (!aim) throw new Error(`${name} has nothing yet.`);
    return aim;
  };

  it("are all in the table, and no others", () => {
    expect(ENDPOINTS.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(Object.keys(API_ENDPOINTS).sort());
  });

  describe.each(Object.entries(API_ENDPOINTS))("%s", (name, { who, address, body }) => {
    const ask = async (caller: string, aim: ApiAim) => {
      const credential = credentials.get(caller);
      // Somebody else each time: who comes with wrong tokens again and again has to wait.
      const from = { [CLIENT_HEADER]: `2001:db8::${++calls}` };
      const request = new Request(`https://ns1.example.com${address(aim)}`, {
        method: name.split(" ")[0] ?? "",
        headers: { ...(credential ? { authorization: credential } : {}), ...from },
        ...(body ? { body: JSON.stringify(body(aim)) } : {}),
      });
      const response = await answerRest(ctx, request);
      return { status: response.status, text: await response.text() };
    };

    it("opens to nobody without a valid token, and is the same to all of them", async () => {
      for (const caller of ["nobody", "wrong", "suspended", "another's name"])
        expect((await ask(caller, aimAt("alice"))).status, caller).toBe(401);
      expect(await ask("wrong", aimAt("alice"))).toEqual(await ask("suspended", nothing));
    });

    it.each(SINGLE)("as the table says with %s alone, as an account's and as a token's", async (privilege) => {
      const expected = OPENS[who].includes(privilege) ? 200 : 403;
      expect((await ask(privilege, aimAt(privilege))).status, "the account").toBe(expected);
      expect((await ask(`root-${privilege}`, aimAt("alice"))).status, "the token").toBe(expected);
    });

    it("opens to root for everything, and to a reseller for what is the reseller's own", async () => {
      expect((await ask("root", aimAt("alice"))).status).toBe(200);
      expect((await ask("alice", aimAt("alice"))).status).toBe(200);
    });

    it("finds another's thing as little as no thing", async () => {
      const [theirs, none] = [await ask("bob", aimAt("alice")), await ask("bob", nothing)];
      expect(theirs.status).toBe(404);
      expect({ ...theirs, text: theirs.text.replaceAll("alice", "xyzzy") }).toEqual(none);
    });
  });

  it("nothing was changed by anybody who came", async () => {
    for (const { zone } of aims.values())
      expect(await ctx.db.client.zone.findUnique({ where: { name: `${zone}.` } })).toMatchObject({ serial: 7n });
  });
});
