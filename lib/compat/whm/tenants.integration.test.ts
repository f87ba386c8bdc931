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
import type { WhmServer } from "./call";
import { answerWhm } from "./http";

/** What one reseller's token does to another's zone over WHM's protocols: exactly what it does to one that is not there. */

const zoneText = (name: string) => `$ORIGIN ${name}
$TTL 3600
@ SOA ns1.example.net. hostmaster.example.net. 7 3600 900 1209600 300
@ NS ns1.example.net.
@ A 192.0.2.1
`;

/** Members send %20: a plus is a plus. */
const formText = (fields: Record<string, string>) =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");

const MEMBER_COMMANDS = [
  "getzonelist_local",
  "getzone_local?zone=alice.example",
  "getzones_local?zones=alice.example",
  "getallzones_local",
  "zoneexists_local?zone=alice.example",
  "getzonedigests_local",
  "getips_local",
  "getpath_local",
  "savezone_local?zone=alice.example&zonedata=x",
  "quickzoneadd_local?zone=bob.example&zonedata=x",
  "removezone_local?zone=alice.example",
  "removezones_local?zones=alice.example,bob.example",
  "synczones_local",
  "addzoneconf_local?zone=alice.example",
  "reloadzones_local?zone=alice.example",
  "synckeys_local?zone=alice.example",
  "revokekeys_local?zone=alice.example",
];

describe("resellers over WHM's protocols", () => {
  let ctx: TestContext;
  let server: WhmServer;
  let bob: UserActor;
  let token: string;
  beforeAll(async () => {
    setLogLevel("error");
    ctx = await testContext("sqlite");
    server = {
      ...ctx,
      nameserver: () => RUNNING,
    };
    await ctx.db.transaction((tx) => writeSettings(tx, "server", { hostname: "ns1.example.com" }));
    const alice = await ctx.addReseller("alice");
    bob = await ctx.addReseller("bob");
    await createZone(ctx, alice, { name: "alice.example.", text: zoneText("alice.example.") });
    await createZone(ctx, bob, { name: "bob.example.", text: zoneText("bob.example.") });
    // All that a reseller can give, clustering included.
    token = (await createToken(ctx, bob, { name: "all" })).token;
  });
  afterAll(() => ctx.close());

  const call = async (path: string, credential = `whm bob:${token}`) => {
    const request = new Request(`https://ns1.example.com${path}`, {
      headers: { authorization: credential, [CLIENT_HEADER]: "192.0.2.9" },
    });
    const response = await answerWhm(server, request);
    return { status: response?.status, text: (await response?.text()) ?? "" };
  };

  it.each(MEMBER_COMMANDS)("a reseller without clustering is no cluster member: %s", async (command) => {
    const { status, text } = await call(`/scripts2/${command}`);
    expect(status).toBe(403);
    expect(text).not.toMatch(/alice|192\.0\.2/);
  });

  it.each([
    ["killdns?api.version=1&domain="],
    ["parse_dns_zone?api.version=1&zone="],
    ["export_zone_files?api.version=1&zone="],
    ["mass_edit_dns_zone?api.version=1&serial=7&remove=2&zone="],
    ["dumpzone?api.version=1&zone="],
    ["getzonerecord?api.version=1&line=1&zone="],
    ["addzonerecord?api.version=1&name=x&type=A&address=192.0.2.1&domain="],
    ["editzonerecord?api.version=1&line=3&address=192.0.2.1&domain="],
    ["removezonerecord?api.version=1&line=3&zone="],
    ["resetzone?api.version=1&domain="],
    ["export_zone_key?api.version=1&key_id=1&domain="],
    ["import_zone_key?api.version=1&key_data=x&key_type=ksk&domain="],
    ["batch?api.version=1&command=killdns%3Fdomain%3D"],
  ])("%s finds another's zone as little as a missing one", async (query) => {
    const theirs = await call(`/json-api/${query}alice.example`);
    const missing = await call(`/json-api/${query}xyzzy.example`);
    expect({ ...theirs, text: theirs.text.replaceAll("alice", "xyzzy") }).toEqual(missing);
    expect(theirs.text).toContain('"result":0');
  });

  it.each(["has_local_authority", "enable_dnssec_for_domains", "fetch_ds_records_for_domains"])(
    "%s tells no more of another's zone than of a missing one",
    async (name) => {
      const theirs = await call(`/json-api/${name}?api.version=1&domain=alice.example`);
      const missing = await call(`/json-api/${name}?api.version=1&domain=xyzzy.example`);
      expect({ ...theirs, text: theirs.text.replaceAll("alice", "xyzzy") }).toEqual(missing);
    },
  );

  it("lists a reseller's own zones and tokens only", async () => {
    expect((await call("/json-api/listzones?api.version=1")).text).toContain('"zone":[{"domain":"bob.example"');
    expect((await call("/json-api/listzones?api.version=1")).text).not.toContain("alice");
    await createToken(ctx, ctx.root, { name: "roots" });
    expect((await call("/json-api/api_token_list?api.version=1")).text).not.toContain("roots");
    const revoked = await call("/json-api/api_token_revoke?api.version=1&token_name=roots");
    expect(revoked.text).toContain("There is no token with the name roots.");
  });

  it.each(["alice.example", "www.alice.example", "a.b.alice.example"])("adds no %s", async (domain) => {
    const { text } = await call(`/json-api/adddns?api.version=1&domain=${domain}&ip=192.0.2.2`);
    expect(text).toContain(`${domain} cannot be added on this server. Ask root.`);
  });

  it("says nothing about the cluster", async () => {
    expect((await call("/json-api/zonefleet_info?api.version=1")).status).toBe(403);
    expect((await call("/json-api/myprivs?api.version=1")).text).toContain('"clustering":0');
  });

  it("is closed to strangers and to suspended users", async () => {
    const doors = ["/json-api/version", "/json-api/no_such_function", "/scripts2/showversion", "/scripts2/no_such"];
    for (const credential of ["", "whm bob:", `whm root:${token}`, `Basic ${btoa(`bob:${token}`)}`])
      for (const door of doors) expect((await call(door, credential)).status).toBe(401);
    await ctx.db.client.user.update({ where: { id: bob.userId }, data: { suspendedAt: 1n } });
    for (const door of doors) expect((await call(door)).status).toBe(401);
  });
});

/** With the privilege `clustering` a reseller's token is a cluster member's, for the reseller's own zones. */
describe("resellers with clustering over the member protocol", () => {
  let ctx: TestContext;
  let server: WhmServer;
  let alice: UserActor;
  let bob: UserActor;
  const tokens = new Map<string, string>();

  beforeAll(async () => {
    setLogLevel("error");
    ctx = await testContext("sqlite");
    server = { ...ctx, nameserver: () => RUNNING };
    await ctx.db.transaction((tx) =>
      writeSettings(tx, "server", { hostname: "ns1.example.com", addresses: ["192.0.2.53"] }),
    );
    const acls = ["clustering", ...DEFAULT_RESELLER_ACLS];
    [alice, bob] = [await ctx.addReseller("alice", acls), await ctx.addReseller("bob", acls)];
    for (const owner of [alice, bob, ctx.root])
      for (const label of ["one", "two"]) {
        const name = `${label}.${owner.username}.example.`;
        await createZone(ctx, owner, { name, text: zoneText(name) });
        const member = { hostname: `${label}.ns.${owner.username}.example`, address: "192.0.2.77", username: "root" };
        await ctx.db.client.member.create({
          data: { ownerId: owner.userId, ...member, backend: "whm", role: "sync", sealedCredential: "", createdAt: 0n },
        });
      }
    for (const owner of [alice, bob])
      tokens.set(owner.username, (await createToken(ctx, owner, { name: "cluster", acls: ["clustering"] })).token);
  });
  afterAll(() => ctx.close());

  const call = async (username: string, command: string, body?: Record<string, string>) => {
    const request = new Request(`https://ns1.example.com/scripts2/${command}`, {
      headers: { authorization: `whm ${username}:${tokens.get(username)}`, [CLIENT_HEADER]: "192.0.2.9" },
      ...(body ? { method: "POST", body: formText(body) } : {}),
    });
    const response = await answerWhm(server, request);
    return { status: response?.status, text: (await response?.text()) ?? "" };
  };
  const serialOf = async (name: string) => (await ctx.db.client.zone.findUniqueOrThrow({ where: { name } })).serial;

  it("lists, gives and counts the reseller's own zones only", async () => {
    expect((await call("bob", "getzonelist_local")).text).toBe("one.bob.example\ntwo.bob.example\n");
    for (const command of [
      "getallzones_local",
      "getzonedigests_local",
      "getzones_local?zones=one.alice.example,one.bob.example",
    ]) {
      const { status, text } = await call("bob", command);
      expect(status).toBe(200);
      expect(text).toContain("one.bob.example");
      expect(text).not.toMatch(/alice|root\.example/);
    }
    expect((await call("bob", "getpath_local")).text).toBe(
      "ns1.example.com one.ns.bob.example\nns1.example.com two.ns.bob.example\n",
    );
  });

  it.each([
    ["getzone_local", {}],
    ["zoneexists_local", {}],
    ["getzones_local", { zones: "one.alice.example" }],
    ["removezone_local", {}],
    ["removezones_local", { zones: "one.alice.example" }],
    ["addzoneconf_local", {}],
    ["reloadzones_local", {}],
  ])("%s finds another's zone as little as a missing one", async (command, fields) => {
    const before = await serialOf("one.alice.example.");
    const theirs = await call("bob", command, { zone: "one.alice.example", ...fields });
    const missing = Object.entries({ zone: "one.alice.example", ...fields }).map(([key, value]) => [
      key,
      value.replaceAll("alice", "xyzzy"),
    ]);
    expect({ ...theirs, text: theirs.text.replaceAll("alice", "xyzzy") }).toEqual(
      await call("bob", command, Object.fromEntries(missing)),
    );
    expect(await serialOf("one.alice.example.")).toBe(before);
    expect(
      (await ctx.db.client.zone.findUniqueOrThrow({ where: { name: "one.alice.example." } })).deletedAt,
    ).toBeNull();
  });

  it.each(["one.alice.example", "www.one.alice.example"])(
    "stores no %s, and says nothing of whose it is",
    async (zone) => {
      const { status, text } = await call("bob", "savezone_local", { zone, zonedata: zoneText(`${zone}.`) });
      expect(status).toBe(200);
      expect(text).toBe(
        `0 zones synchronized\n${zone} => refused: The zone cannot be stored on this server. Ask its root.\n`,
      );
    },
  );

  it("takes the reseller's own, new ones as the reseller's", async () => {
    const zonedata = zoneText("three.bob.example.");
    await call("bob", "quickzoneadd_local", { zone: "three.bob.example", zonedata });
    const stored = await ctx.db.client.zone.findUniqueOrThrow({ where: { name: "three.bob.example." } });
    expect(stored.ownerId).toBe(bob.userId);
    expect((await call("bob", "removezone_local", { zone: "three.bob.example" })).text).toContain("deleted from");
  });

  it("a command's id that one account used is another's to use as well", async () => {
    const dnsuniqid = "A".repeat(32);
    for (const username of ["alice", "bob"]) {
      const zone = `four.${username}.example`;
      await call(username, "savezone_local", { zone, zonedata: zoneText(`${zone}.`), dnsuniqid });
      expect((await call(username, "zoneexists_local", { zone })).text).toBe("1");
    }
  });

  it("ends when root takes the privilege away, for the same token", async () => {
    await ctx.db.client.user.update({ where: { id: bob.userId }, data: { acls: '["list-zones"]' } });
    expect((await call("bob", "getzonelist_local")).status).toBe(403);
  });
});
