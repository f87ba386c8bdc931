import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { connectWhmClient, type WhmClient } from "@/e2e/wire/whm-client";
import { startWireServer, type WireServer } from "@/e2e/wire/wire-server";
import { encodeFields } from "@/lib/drivers/whm/form-fields";
import { setLogLevel } from "@/lib/logger";
import { createToken } from "@/lib/tokens/service";
import { createZone } from "@/lib/zones/service";

/** WHM API 1 for single records, nameservers and DNSSEC, over HTTPS as a script calls it. */

const envelope = z.object({
  data: z.unknown(),
  metadata: z.looseObject({ command: z.string(), reason: z.string(), result: z.number() }),
});
const zoneText = `$TTL 300
@ IN SOA ns1.example.net. hostmaster.example.net. 2020010100 3600 600 604800 300
@ IN NS ns1.example.net.
@ IN NS ns2.example.net.
@ IN A 192.0.2.10
@ IN TXT "v=spf1 -all"
mail IN A 192.0.2.11
mail IN A 192.0.2.12
`;

describe.each(["sqlite", "postgresql"] as const)("WHM API 1 for DNS on %s", (provider) => {
  let server: WireServer;
  const clients = new Map<string, WhmClient>();

  beforeAll(async () => {
    setLogLevel("error");
    server = await startWireServer(provider);
    const reseller = await server.ctx.addReseller("reseller");
    const tokens = {
      root: (await createToken(server.ctx, server.ctx.root, { name: "all" })).token,
      reader: (await createToken(server.ctx, server.ctx.root, { name: "reader", acls: ["list-zones"] })).token,
      editor: (await createToken(server.ctx, server.ctx.root, { name: "editor", acls: ["edit-dns"] })).token,
      reseller: (await createToken(server.ctx, reseller, { name: "all" })).token,
    };
    for (const [name, token] of Object.entries(tokens))
      clients.set(
        name,
        await connectWhmClient({ port: server.port, username: name === "reseller" ? "reseller" : "root", token }),
      );
    await createZone(server.ctx, server.ctx.root, { name: "example.com.", text: zoneText });
    await createZone(server.ctx, reseller, { name: "theirs.example.", text: zoneText });
  });
  afterAll(async () => {
    for (const client of clients.values()) client.close();
    await server.close();
  });

  type Fields = Record<string, string> | [string, string][];
  const call = async (name: string, fields: Fields = {}, who = "root", method: "GET" | "POST" = "GET") => {
    const client = clients.get(who);
    if (!client) throw new Error(`Nobody is called ${who}.`);
    const form = encodeFields([["api.version", "1"], ...(Array.isArray(fields) ? fields : Object.entries(fields))]);
    const path = `/json-api/${name}`;
    const { status, body } = await (method === "GET" ? client.get(`${path}?${form}`) : client.post(path, form));
    return { status, ...envelope.parse(JSON.parse(Buffer.from(body, "latin1").toString())) };
  };
  const done = async (name: string, fields: Fields = {}, who = "root", method: "GET" | "POST" = "GET") => {
    const { data, metadata } = await call(name, fields, who, method);
    expect(metadata, JSON.stringify(metadata)).toMatchObject({ command: name, result: 1, reason: "OK" });
    return data;
  };
  const refusal = async (name: string, fields: Fields = {}, who = "root") => {
    const { data, metadata } = await call(name, fields, who);
    expect([metadata.result, data], JSON.stringify(metadata)).toEqual([0, null]);
    return metadata.reason;
  };
  const dumped = async (zone = "example.com") => {
    const data = await done("dumpzone", { domain: zone });
    return z
      .object({ zone: z.array(z.object({ record: z.array(z.record(z.string(), z.union([z.string(), z.number()]))) })) })
      .parse(data)
      .zone.flatMap(({ record }) => record);
  };
  const lineOf = async (fields: Record<string, string>) => {
    const found = (await dumped()).find((record) =>
      Object.entries(fields).every(([key, value]) => String(record[key]) === value),
    );
    return String(found?.Line ?? "none");
  };

  it("dumps a zone by domain or zone, with lines that are line_index plus one", async () => {
    const records = await dumped();
    expect(records.map(({ Line }) => Line)).toEqual(records.map((_, index) => index + 1));
    expect(records[0]).toMatchObject({ type: "SOA", mname: "ns1.example.net", serial: "2020010100", class: "IN" });
    expect(await done("dumpzone", { zone: "EXAMPLE.com.db" })).toEqual({ zone: [{ record: records }] });
    const { payload } = z
      .object({ payload: z.array(z.looseObject({ line_index: z.number(), record_type: z.string() })) })
      .parse(await done("parse_dns_zone", { zone: "example.com" }));
    expect(payload.map((line) => [line.line_index + 1, line.record_type])).toEqual(
      records.map(({ Line, type }) => [Line, type]),
    );
  });

  it.each(["GET", "POST"] as const)("adds, reads, edits and removes a record by %s", async (method) => {
    const fields = { domain: "example.com", name: "www", type: "txt", txtdata: "a+b c", ttl: "60" };
    expect(await done("addzonerecord", fields, "editor", method)).toBeNull();
    const line = await lineOf({ name: "www.example.com." });
    expect(await done("getzonerecord", { zone: "example.com", line }, "reader", method)).toEqual({
      record: [{ Line: Number(line), name: "www.example.com.", class: "IN", ttl: 60, type: "TXT", txtdata: "a+b c" }],
    });
    await done("editzonerecord", { domain: "example.com", Line: line, txtdata: "new" }, "editor", method);
    expect(await dumped()).toContainEqual(
      expect.objectContaining({ name: "www.example.com.", ttl: 60, txtdata: "new" }),
    );
    await done(
      "editzonerecord",
      { domain: "example.com", line, name: "w3.example.com.", type: "MX", preference: "5", exchange: "mx.example.net" },
      "editor",
      method,
    );
    const moved = await lineOf({ name: "w3.example.com." });
    expect(await dumped()).toContainEqual(
      expect.objectContaining({ name: "w3.example.com.", type: "MX", exchange: "mx.example.net", preference: "5" }),
    );
    await done("removezonerecord", { zone: "example.com", line: moved }, "editor", method);
    expect((await dumped()).map(({ name }) => name)).not.toContain("w3.example.com.");
  });

  it("takes the default TTL and the apex where neither is given", async () => {
    await done("addzonerecord", { zone: "example.com", type: "AAAA", address: "2001:db8::1" });
    const line = await lineOf({ type: "AAAA" });
    expect(await dumped()).toContainEqual(
      expect.objectContaining({ name: "example.com.", type: "AAAA", ttl: 14_400, address: "2001:db8::1" }),
    );
    await done("removezonerecord", { zone: "example.com", line });
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ["dumpzone", {}, /“domain” is missing/],
    ["dumpzone", { domain: "absent.example" }, /no zone absent\.example/],
    ["dumpzone", { zone: "../etc/passwd" }, /not a zone name/],
    ["getzonerecord", { zone: "example.com" }, /“Line” is missing/],
    ["getzonerecord", { zone: "example.com", line: "0" }, /Line 0 of the zone holds no record/],
    ["getzonerecord", { zone: "example.com", line: "999" }, /Line 999/],
    ["addzonerecord", { zone: "example.com", name: "x" }, /“type” is missing/],
    ["addzonerecord", { zone: "example.com", name: "x", type: "A" }, /“address” is missing/],
    ["addzonerecord", { zone: "example.com", name: "x", type: "NOPE", address: "1" }, /not a record type/],
    ["addzonerecord", { zone: "example.com", name: "x.example.net.", type: "A", address: "192.0.2.1" }, /not in this/],
    ["addzonerecord", { zone: "example.com", name: "x", type: "A", class: "CH", address: "192.0.2.1" }, /class IN/],
    ["addzonerecord", { zone: "example.com", name: "x", type: "A", ttl: "soon", address: "192.0.2.1" }, /not a TTL/],
    ["addzonerecord", { zone: "example.com", name: "mail", type: "CNAME", cname: "x.example.net" }, /CNAME/],
    ["editzonerecord", { zone: "example.com", line: "1", type: "A", address: "192.0.2.1" }, /./],
    ["removezonerecord", { zone: "example.com", line: "1" }, /SOA/],
    ["removezonerecord", { zone: "example.com", line: "all" }, /Line all/],
  ])("refuses %s %j in WHM's form", async (name, fields, reason) => {
    const before = await dumped();
    expect(await refusal(name, fields)).toMatch(reason);
    expect(await dumped()).toEqual(before);
  });

  it.each([
    ["dumpzone", {}],
    ["getzonerecord", { line: "1" }],
    ["addzonerecord", { name: "x", type: "A", address: "192.0.2.1" }],
    ["editzonerecord", { line: "5", address: "192.0.2.1" }],
    ["removezonerecord", { line: "5" }],
    ["resetzone", {}],
    ["export_zone_key", { key_id: "1" }],
    ["import_zone_key", { key_data: "x", key_type: "ksk" }],
  ])("%s: somebody else's zone is as absent as none", async (name, fields) => {
    const [theirs, none] = ["example.com", "absentx.com"].map((zone) => ({ ...fields, zone, domain: zone }));
    const reason = await refusal(name, theirs, "reseller");
    expect(reason).toBe((await refusal(name, none, "reseller")).replaceAll("absentx", "example"));
  });

  it.each(["addzonerecord", "editzonerecord", "removezonerecord", "resetzone", "enable_dnssec_for_domains"])(
    "%s needs a token that may edit",
    async (name) => {
      const fields = { domain: "example.com", line: "2", name: "x", type: "A", address: "192.0.2.1" };
      expect((await call(name, fields, "reader")).status).toBe(403);
    },
  );

  it("resets a zone to the template and keeps its addresses and texts", async () => {
    await done("addzonerecord", { zone: "theirs.example", name: "dkim", type: "TXT", txtdata: "key" }, "reseller");
    await done("resetzone", { zone: "theirs.example.db" }, "reseller");
    const records = await dumped("theirs.example");
    expect(records).toContainEqual(expect.objectContaining({ name: "theirs.example.", address: "192.0.2.10" }));
    expect(records).toContainEqual(expect.objectContaining({ name: "dkim.theirs.example.", txtdata: "key" }));
    expect(records).toContainEqual(expect.objectContaining({ name: "theirs.example.", txtdata: "v=spf1 -all" }));
    expect(records.filter(({ address }) => address === "192.0.2.12")).toEqual([]);
    expect(Number(records[0]?.serial)).toBeGreaterThan(2020010100);
  });

  it("says whose zones are whose", async () => {
    const domains: [string, string][] = ["example.com", "www.example.com.", "com", "theirs.example", "a..b"].map(
      (domain) => ["domain", domain],
    );
    const nameservers = ["ns1.example.net", "ns2.example.net"];
    expect(await done("has_local_authority", domains)).toEqual({
      records: [
        { domain: "example.com", local_authority: 1, nameservers, zone: "example.com" },
        { domain: "www.example.com.", local_authority: 1, nameservers, zone: "example.com" },
        { domain: "com", local_authority: 0, nameservers: [] },
        expect.objectContaining({ domain: "theirs.example", local_authority: 1 }),
        { domain: "a..b", local_authority: 0, nameservers: [], error: expect.any(String) },
      ],
    });
    expect(await done("has_local_authority", [["domain-0", "www.example.com"]], "reseller")).toEqual({
      records: [{ domain: "www.example.com", local_authority: 0, nameservers: [] }],
    });
    expect(await refusal("has_local_authority")).toMatch(/“domain” is missing/);
  });

  it("tells nameservers and their addresses", async () => {
    expect(await done("get_nameserver_config", {}, "reseller")).toEqual({
      nameservers: ["ns1.example.net", "ns2.example.net"],
    });
    expect(await done("lookupnsips", { host: "mail.example.com" })).toEqual({ ipv4: "192.0.2.11", ipv6: "" });
    expect(await refusal("lookupnsips")).toMatch(/“host” is missing/);
  });

  it.each([
    ["BIND", /runs Knot DNS/],
    ["powerdns", /runs Knot DNS/],
    ["Disabled", /runs Knot DNS/],
    ["djbdns", /one of BIND/],
    ["", /“nameserver” is missing/],
  ])("does not change to the nameserver %s", async (nameserver, reason) => {
    expect(await refusal("set_nameserver", { nameserver })).toMatch(reason);
    expect((await call("set_nameserver", { nameserver }, "reseller")).status).toBe(403);
  });

  it("takes its own nameserver for an answer", async () => {
    expect(await done("set_nameserver", { nameserver: "Knot" })).toMatchObject({ nameserver: "knot" });
  });

  it("says of every domain that it is not signed", async () => {
    const domains: [string, string][] = [
      ["domain", "example.com"],
      ["domain-1", "absent.example"],
    ];
    const unsigned = "This server does not sign zones with DNSSEC.";
    const absent = "There is no zone absent.example here, or it is not yours.";
    expect(await done("enable_dnssec_for_domains", domains)).toEqual({
      domains: [
        { domain: "example.com", enabled: 0, error: unsigned },
        { domain: "absent.example", enabled: 0, error: absent },
      ],
    });
    expect(await done("disable_dnssec_for_domains", domains)).toEqual({
      domains: [
        { domain: "example.com", disabled: 1 },
        { domain: "absent.example", disabled: 0, error: absent },
      ],
    });
    expect(await done("fetch_ds_records_for_domains", domains)).toEqual({
      domains: [
        { domain: "example.com", ds_records: { keys: {} } },
        { domain: "absent.example", ds_records: { keys: {} }, error: absent },
      ],
    });
    expect(await refusal("export_zone_key", { domain: "example.com", key_id: "7" })).toMatch(/no key 7.*does not sign/);
    const key = { domain: "example.com", key_data: "Private-key-format: v1.2", key_type: "ksk" };
    expect(await done("import_zone_key", key)).toEqual({ domain: "example.com", success: 0, error: unsigned });
    expect(await refusal("import_zone_key", { ...key, key_type: "csk" })).toMatch(/ksk and zsk/);
  });
});
