import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UserActor } from "@/lib/access/actor";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { setLogLevel } from "@/lib/logger";
import { CLIENT_HEADER } from "@/lib/net/client-header";
import { writeSettings } from "@/lib/settings/settings";
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
      nameserver: () => ({
        state: "running",
        reason: null,
        since: 0,
        software: "Knot DNS",
        version: "3.2.6",
        pid: 1,
        restarts: 0,
        listen: [],
      }),
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

  it.each(MEMBER_COMMANDS)("a reseller is no cluster member: %s", async (command) => {
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
