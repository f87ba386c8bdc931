import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { UserActor } from "@/lib/access/actor";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { encodeFields } from "@/lib/drivers/whm/form-fields";
import { setLogLevel } from "@/lib/logger";
import { CLIENT_HEADER } from "@/lib/net/client-header";
import { writeSettings } from "@/lib/settings/settings";
import { createToken } from "@/lib/tokens/service";
import { createZone } from "@/lib/zones/service";
import type { WhmServer } from "./call";
import { answerWhm } from "./http";

const envelope = z.object({
  data: z.unknown(),
  metadata: z.object({
    command: z.string(),
    reason: z.string(),
    result: z.number(),
    version: z.literal(1),
    output: z.object({ raw: z.string() }).optional(),
  }),
});
const payload = z.object({
  payload: z.array(
    z.object({
      line_index: z.number(),
      type: z.string(),
      dname_b64: z.string(),
      ttl: z.number(),
      record_type: z.string(),
      data_b64: z.array(z.string()),
    }),
  ),
});
type Fields = Record<string, string> | [string, string][];

const plain = (base64: string) => Buffer.from(base64, "base64").toString();

describe.each(["sqlite", "postgresql"] as const)("WHM API 1 on %s", (provider) => {
  let ctx: TestContext;
  let server: WhmServer;
  let reseller: UserActor;
  const tokens = { root: "", reseller: "" };

  beforeAll(async () => {
    setLogLevel("error");
    ctx = await testContext(provider);
    reseller = await ctx.addReseller("reseller");
    const nameserver = () => ({
      state: "missing" as const,
      reason: null,
      since: 0,
      software: "Knot DNS" as const,
      version: null,
      pid: null,
      restarts: 0,
      listen: [],
    });
    server = { ...ctx, nameserver };
    await writeSettings(ctx.db.client, "server", { serverId: "this-server", hostname: "web1.example.net" });
    await writeSettings(ctx.db.client, "zones", { nameservers: ["ns1.example.net.", "ns2.example.net."] });
    tokens.root = (await createToken(ctx, ctx.root, { name: "all" })).token;
    tokens.reseller = (await createToken(ctx, reseller, { name: "all" })).token;
  });
  afterAll(() => ctx.close());

  const request = async (
    path: string,
    {
      user = "root",
      token = user === "root" ? tokens.root : tokens.reseller,
      body,
    }: { user?: string; token?: string; body?: string } = {},
  ) => {
    const answer = answerWhm(
      server,
      new Request(`https://web1.example.net:2087${path}`, {
        headers: { authorization: `whm ${user}:${token}`, [CLIENT_HEADER]: "192.0.2.9" },
        ...(body === undefined ? {} : { method: "POST", body }),
      }),
    );
    if (!answer) throw new Error(`${path} is not WHM's`);
    return answer;
  };
  const call = async (name: string, fields: Fields = {}, user = "root") => {
    const query = encodeFields([["api.version", "1"], ...(Array.isArray(fields) ? fields : Object.entries(fields))]);
    const reply = await request(`/json-api/${name}?${query}`, { user });
    expect(reply.headers.get("content-type")).toMatch(/^application\/json/);
    return { status: reply.status, ...envelope.parse(await reply.json()) };
  };
  const data = async <T>(schema: z.ZodType<T>, name: string, fields: Fields = {}, user = "root") => {
    const { data: value, metadata } = await call(name, fields, user);
    expect(metadata, JSON.stringify(metadata)).toMatchObject({ command: name, result: 1, reason: "OK" });
    return schema.parse(value);
  };
  const refusal = async (name: string, fields: Fields = {}, user = "root") => {
    const { status, metadata, data: value } = await call(name, fields, user);
    expect([status, metadata.result, value]).toEqual([200, 0, null]);
    return metadata.reason;
  };
  const parsed = async (zone: string) => {
    const { payload: lines } = await data(payload, "parse_dns_zone", { zone });
    return lines.map((line) =>
      [plain(line.dname_b64), line.ttl, line.record_type, ...line.data_b64.map(plain)].join(" "),
    );
  };

  it("adds zones from a template and lists them", async () => {
    const added = await call("adddns", { domain: "Example.com", ip: "192.0.2.10", template: "standard" });
    expect(added.metadata).toMatchObject({
      result: 1,
      output: { raw: expect.stringMatching(/^Zone example\.com has been/) },
    });
    expect((await call("adddns", { domain: "example.net", ip: "192.0.2.10" })).metadata.result).toBe(1);
    const { zone } = await data(
      z.object({ zone: z.array(z.object({ domain: z.string(), zonefile: z.string() })) }),
      "listzones",
    );
    expect(zone).toEqual([
      { domain: "example.com", zonefile: "example.com.db" },
      { domain: "example.net", zonefile: "example.net.db" },
    ]);
    const lines = await parsed("example.com");
    expect(lines[0]).toMatch(/^example\.com\. \d+ SOA ns1\.example\.net\. hostmaster\.example\.com\. \d{10} /);
    expect(lines).toContainEqual(expect.stringMatching(/^example\.com\. \d+ A 192\.0\.2\.10$/));
  });

  it.each<[Record<string, string>, RegExp]>([
    [{ ip: "192.0.2.1" }, /“domain” is missing/],
    [{ domain: "example.org" }, /“ip” is missing/],
    [{ domain: "example.org", ip: "here" }, /IPv4/],
    [{ domain: "a..b", ip: "192.0.2.1" }, /not a zone name/],
    [{ domain: "example.com", ip: "192.0.2.1" }, /exists already/],
    [{ domain: "example.org", ip: "192.0.2.1", trueowner: "someone" }, /no user someone/],
  ])("refuses adddns with %j", async (fields, reason) => {
    expect(await refusal("adddns", fields)).toMatch(reason);
  });

  it("adds a zone for another user, when root asks", async () => {
    const reseller = await ctx.addReseller("studio");
    const added = await call("adddns", { domain: "studio.example", ip: "192.0.2.1", trueowner: "studio" });
    expect(added.metadata.result).toBe(1);
    const zone = await ctx.db.client.zone.findUniqueOrThrow({ where: { name: "studio.example." } });
    expect(zone.ownerId).toBe(reseller.userId);
    await call("killdns", { domain: "studio.example" });
  });

  it("edits many records of a zone at once, for the serial that the caller saw", async () => {
    const text =
      "$TTL 300\n@ IN SOA ns1.example.net. hostmaster.example.net. 2020010100 3600 600 604800 300\n@ IN NS ns1.example.net.\n@ IN A 192.0.2.1\nold IN A 192.0.2.2\n";
    const { serial } = await createZone(ctx, ctx.root, { name: "edit.example.", text });
    const { payload: lines } = await data(payload, "parse_dns_zone", { zone: "edit.example" });
    const lineOf = (dname: string, type: string) =>
      lines.find((line) => plain(line.dname_b64) === dname && line.record_type === type)?.line_index ?? -1;
    const add = (record: object): [string, string] => ["add", JSON.stringify(record)];
    const { new_serial } = await data(z.object({ new_serial: z.string() }), "mass_edit_dns_zone", [
      ["zone", "edit.example"],
      ["serial", String(serial)],
      add({ dname: "txt", ttl: 60, record_type: "TXT", data: ['say "hi"; a+b', "x".repeat(300)] }),
      add({ dname: "mail.edit.example.", ttl: 60, record_type: "mx", data: [10, "mx.example.net."] }),
      [
        "edit",
        JSON.stringify({
          line_index: lineOf("edit.example.", "A"),
          dname: "edit.example.",
          ttl: 600,
          record_type: "A",
          data: ["192.0.2.9"],
        }),
      ],
      ["remove", String(lineOf("old.edit.example.", "A"))],
    ]);
    expect(Number(new_serial)).toBeGreaterThan(serial);
    expect((await parsed("edit.example")).slice(1)).toEqual([
      "edit.example. 600 A 192.0.2.9",
      "edit.example. 300 NS ns1.example.net.",
      "mail.edit.example. 60 MX 10 mx.example.net.",
      `txt.edit.example. 60 TXT say "hi"; a+b ${"x".repeat(255)} ${"x".repeat(45)}`,
    ]);
    expect(await refusal("mass_edit_dns_zone", { zone: "edit.example", serial: String(serial), remove: "0" })).toMatch(
      new RegExp(`serial number is ${new_serial}, not ${serial}`),
    );
  });

  it.each<[Record<string, string>, RegExp]>([
    [{ add: "{" }, /“add” takes JSON/],
    [{ add: '{"dname":"x"}' }, /“add”: ttl/],
    [{ add: '{"dname":"x","ttl":60,"record_type":"A","data":["nowhere"]}' }, /address/i],
    [{ add: '{"dname":"other.example.","ttl":60,"record_type":"A","data":["192.0.2.1"]}' }, /not in this zone/],
    [{ add: '{"dname":"x","ttl":60,"record_type":"A","data":["192.0.2.1\\nb 60 IN A 192.0.2.2"]}' }, /./],
    [{ edit: '{"line_index":99,"dname":"x","ttl":60,"record_type":"A","data":["192.0.2.1"]}' }, /Line 99/],
    [{ remove: "all" }, /“remove”/],
    [{}, /Nothing to do/],
  ])("refuses the edit %j", async (edit, reason) => {
    const before = await parsed("edit.example");
    const serial = before[0]?.split(" ")[5] ?? "";
    expect(await refusal("mass_edit_dns_zone", { zone: "edit.example", serial, ...edit })).toMatch(reason);
    expect(await parsed("edit.example")).toEqual(before);
  });

  it("exports zone files and deletes zones", async () => {
    const files = await data(
      z.object({ payload: z.array(z.object({ zone: z.string(), text_b64: z.string() })) }),
      "export_zone_files",
      [
        ["zone", "edit.example"],
        ["zone", "example.net"],
      ],
    );
    expect(files.payload.map(({ zone }) => zone)).toEqual(["edit.example", "example.net"]);
    expect(plain(files.payload[0]?.text_b64 ?? "")).toMatch(/^\$ORIGIN edit\.example\.\n/);
    expect((await call("killdns", { domain: "example.net" })).metadata.output?.raw).toBe(
      "example.net => deleted from web1.example.net. \n",
    );
    expect(await refusal("killdns", { domain: "example.net" })).toMatch(/no zone example\.net/);
    expect(await refusal("export_zone_files", { zone: "example.net" })).toMatch(/no zone example\.net/);
  });

  it("makes, lists and revokes tokens", async () => {
    const created = await data(
      z.object({
        token: z.string(),
        name: z.string(),
        acls: z.array(z.string()),
        create_time: z.number(),
        expires_at: z.number(),
        whitelist_ips: z.array(z.string()),
      }),
      "api_token_create",
      {
        token_name: "ns1",
        "acl-0": "clustering",
        "acl-1": "edit-dns",
        "whitelist_ip-0": "192.0.2.0/24",
        expires_at: "4102444800",
      },
    );
    expect(created).toMatchObject({
      name: "ns1",
      acls: ["clustering", "edit-dns"],
      expires_at: 4102444800,
      whitelist_ips: ["192.0.2.0/24"],
    });
    expect(Math.abs(created.create_time - Date.now() / 1000)).toBeLessThan(60);
    const listed = async () =>
      (
        await data(
          z.object({ tokens: z.record(z.string(), z.looseObject({ acls: z.record(z.string(), z.number()) })) }),
          "api_token_list",
        )
      ).tokens;
    expect((await listed()).ns1).toMatchObject({ name: "ns1", acls: { clustering: 1, "edit-dns": 1 } });
    expect(JSON.stringify(await listed())).not.toContain(created.token);
    const privileges = await request("/json-api/myprivs?api.version=1", { token: created.token });
    expect(await privileges.json()).toMatchObject({
      data: { privileges: [{ all: 0, clustering: 1, "edit-dns": 1, "kill-dns": 0 }] },
    });
    const changed = await data(z.looseObject({}), "api_token_update", {
      token_name: "ns1",
      "acl-0": "clustering",
      "whitelist_ip-0": "192.0.2.9",
    });
    const kept = { name: "ns1", acls: ["clustering"], create_time: created.create_time };
    expect(changed).toEqual({ ...kept, expires_at: 4102444800, whitelist_ips: ["192.0.2.9"] });
    const update = (args: Record<string, string>) =>
      data(z.looseObject({}), "api_token_update", { token_name: "ns1", ...args });
    expect(await update({ expires_at: "0" })).toEqual({ ...kept, expires_at: 0, whitelist_ips: ["192.0.2.9"] });
    expect(await update({ whitelist_ip: "" })).toEqual({ ...kept, expires_at: 0, whitelist_ips: [] });
    expect((await request("/json-api/version?", { token: created.token })).status).toBe(200);
    expect(await refusal("api_token_update", { token_name: "ns1", new_name: "ns9" })).toMatch(/keeps its name/);
    expect(await refusal("api_token_update", { token_name: "ns9" })).toMatch(/no token with the name ns9/);
    await data(z.looseObject({}), "api_token_create", { token_name: "ns2", "acl-0": "clustering" });
    // Several at once are ended together or not at all.
    const several = { token_name: "ns1", "token_name-1": "ns2", "token_name-2": "ns9" };
    expect(await refusal("api_token_revoke", several)).toMatch(/no token with the name ns9/);
    expect((await request("/json-api/version?", { token: created.token })).status).toBe(200);
    expect((await call("api_token_revoke", { token_name: "ns1", "token_name-1": "ns2" })).metadata.result).toBe(1);
    expect((await request("/json-api/version?", { token: created.token })).status).toBe(401);
    expect(Object.keys(await listed())).toEqual(["all"]);
    expect(await refusal("api_token_create", { token_name: "bad name" })).toMatch(/only letters/);
  });

  it("keeps resellers to their own", async () => {
    await createZone(ctx, reseller, {
      name: "theirs.example.",
      text: "$TTL 300\n@ IN SOA ns1.example.net. h.example.net. 1 3600 600 604800 300\n@ IN NS ns1.example.net.\n",
    });
    const { zone } = await data(
      z.object({ zone: z.array(z.object({ domain: z.string() })) }),
      "listzones",
      {},
      "reseller",
    );
    expect(zone).toEqual([expect.objectContaining({ domain: "theirs.example" })]);
    const foreign = await refusal("parse_dns_zone", { zone: "edit.example" }, "reseller");
    expect(foreign).toBe(
      (await refusal("parse_dns_zone", { zone: "absent.example" }, "reseller")).replace("absent", "edit"),
    );
    expect(await refusal("killdns", { domain: "edit.example" }, "reseller")).toMatch(/no zone/);
    expect((await call("zonefleet_info", {}, "reseller")).status).toBe(403);
    expect(await data(z.looseObject({ serverId: z.string() }), "zonefleet_info")).toMatchObject({
      serverId: "this-server",
    });
  });

  it("says what it does not know, in WHM's words", async () => {
    expect(await refusal("no_such_thing")).toBe('Unknown app ("no_such_thing") requested');
    expect(await refusal("constructor")).toBe('Unknown app ("constructor") requested');
  });

  it("answers in API 0 where WHM's clients expect it", async () => {
    expect(await (await request("/json-api/version?")).json()).toMatchObject({
      version: expect.stringMatching(/^1\d\.\d/),
    });
    expect(await (await request("/json-api/gethostname?")).json()).toEqual({ hostname: "web1.example.net" });
  });

  it("carries out a batch in order, and stops where it is told to", async () => {
    const commands: [string, string][] = [
      "version",
      "no_such_thing",
      `parse_dns_zone?zone=${encodeURIComponent("edit.example")}`,
      "batch",
    ].map((command) => ["command", command]);
    const { result } = await data(z.object({ result: z.array(envelope) }), "batch", commands);
    expect(result.map(({ metadata }) => [metadata.command, metadata.result])).toEqual([
      ["version", 1],
      ["no_such_thing", 0],
      ["parse_dns_zone", 1],
      ["batch", 0],
    ]);
    expect(await refusal("batch", [...commands, ["abort_on_error", "1"]])).toMatch(/no_such_thing: Unknown app/);
  });

  it.each([
    ["no header", undefined, 401],
    ["another scheme", "Basic cm9vdDp4", 401],
    ["no token", "whm root:", 401],
    ["a wrong token", "whm root:wrong", 401],
  ])("refuses %s in the envelope", async (_, authorization, status) => {
    const reply = await answerWhm(
      server,
      new Request("https://web1.example.net/json-api/version?api.version=1", {
        headers: authorization ? { authorization } : {},
      }),
    );
    expect(reply?.status).toBe(status);
    expect(envelope.parse(await reply?.json()).metadata).toMatchObject({ command: "version", result: 0 });
  });

  it("refuses what is too long or unreadable in the envelope", async () => {
    const long = await request("/json-api/listzones", { body: `api.version=1&x=${"y".repeat(1_048_576)}` });
    expect(long.status).toBe(413);
    expect(envelope.parse(await long.json()).metadata.reason).toMatch(/larger than 1 MiB/);
    const unreadable = await request("/json-api/parse_dns_zone", { body: "api.version=1&zone=%zz" });
    expect(envelope.parse(await unreadable.json()).metadata).toMatchObject({
      result: 0,
      reason: expect.stringMatching(/“zone” has a %/),
    });
  });

  it("gives an unexpected failure a number and no details", async () => {
    const nameserver = () => {
      throw new Error("a detail of the inside");
    };
    const headers = { authorization: `whm root:${tokens.root}` };
    const failing = new Request("https://web1.example.net/json-api/servicestatus?api.version=1", { headers });
    const reply = await answerWhm({ ...server, nameserver }, failing);
    expect(envelope.parse(await reply?.json()).metadata).toMatchObject({
      result: 0,
      reason: expect.stringMatching(/^Something went wrong on the server\. Its log tells more under \w{10}\.$/),
    });
  });
});
