import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectWhmClient, type WhmClient } from "@/e2e/wire/whm-client";
import { startWireServer, type WireServer } from "@/e2e/wire/wire-server";
import { setLogLevel } from "@/lib/logger";
import { createToken } from "@/lib/tokens/service";
import { getZone } from "@/lib/zones/queries";

/** A zone file as WHM writes it: $TTL, relative names, several lines of SOA, a stamp. */
function whmZone(domain: string, serial: number): string {
  return `; cPanel first:110.0.1 (update_time):1767323045 Cpanel::ZoneFile::VERSION:1.3 hostname:web1.example.org latest:110.0.1
; Zone file for ${domain}
$TTL 14400
${domain}.\t86400\tIN\tSOA\tns1.example.org.\thostmaster.example.org. (
\t\t\t\t${serial}\t;Serial Number
\t\t\t\t3600\t;refresh
\t\t\t\t1800\t;retry
\t\t\t\t1209600\t;expire
\t\t\t\t86400\t)
${domain}.\t86400\tIN\tNS\tns1.example.org.
${domain}.\tIN\tA\t192.0.2.10
@\tIN\tMX\t0\t${domain}.
mail IN CNAME ${domain}.
default._domainkey\tIN\tTXT\t"v=DKIM1; k=rsa; p=MIGf+MA0/GCSq==" ; a+b & c=d
`;
}

/** As cPanel::PublicAPI encodes: everything but letters, digits and -_.~ as %XX, spaces too. */
const encode = (text: string) =>
  [...Buffer.from(text)]
    .map((octet) =>
      /[\w.~-]/.test(String.fromCharCode(octet))
        ? String.fromCharCode(octet)
        : `%${octet.toString(16).padStart(2, "0")}`,
    )
    .join("");

let command = 0;
const uniqueId = () => `dnsuniqid=${"A".repeat(24)}${String(++command).padStart(8, "0")}`;

describe.each(["sqlite", "postgresql"] as const)("a WHM server's commands on %s", (provider) => {
  let server: WireServer;
  let whm: WhmClient;
  const clients: WhmClient[] = [];
  const connect = async (token: string, username = "root") => {
    const client = await connectWhmClient({ port: server.port, username, token });
    clients.push(client);
    return client;
  };

  beforeAll(async () => {
    setLogLevel("error");
    server = await startWireServer(provider);
    whm = await connect(server.token);
  });
  afterAll(async () => {
    for (const client of clients) client.close();
    await server.close();
  });

  const call = async (path: string, body?: string) => {
    const { status, body: text } = await (body === undefined ? whm.get(path) : whm.post(path, body));
    expect(status, `${path}: ${text}`).toBe(200);
    return text;
  };
  const serialOf = async (name: string) => (await getZone(server.ctx, server.ctx.root, name)).serial;

  it("adding us as a member: version, hostname, privileges, status", async () => {
    const version = JSON.parse(await call("/json-api/version?")) as { version: string };
    expect(Number.parseInt(version.version, 10)).toBeGreaterThanOrEqual(11);
    expect(await call("/scripts2/showversion?")).toBe(version.version);
    expect(await call("/scripts2/gethostname?")).toBe("ns1.example.net");
    expect(JSON.parse(await call("/json-api/gethostname?"))).toEqual({ hostname: "ns1.example.net" });
    expect(JSON.parse(await call("/json-api/gethostname?api.version=1"))).toMatchObject({
      data: { hostname: "ns1.example.net" },
      metadata: { command: "gethostname", reason: "OK", result: 1, version: 1 },
    });
    const batch = ["installed_versions", "servicestatus?service=named", "version"]
      .map((one) => `command=${encode(one)}`)
      .join("&");
    const { data } = JSON.parse(await call("/json-api/batch", `api.version=1&${batch}`)) as {
      data: { result: unknown[] };
    };
    expect(data.result).toMatchObject([
      { data: { "Knot DNS": "3.2.6" }, metadata: { result: 1, command: "installed_versions" } },
      { data: { service: [{ name: "named", running: 1 }] } },
      { data: { version: version.version } },
    ]);
  });

  it("synczones creates what is missing and overwrites what is there", async () => {
    const body = (serial: number) =>
      ["example.com", "example.net"]
        .map((zone) => `cpdnszone-${encode(zone)}=${encode(whmZone(zone, serial))}`)
        .join("&");
    await call("/scripts2/synczones_local", `${body(2026010200)}&${uniqueId()}`);
    expect(await serialOf("example.com.")).toBe(2026010200);
    const { zone } = await getZone(server.ctx, server.ctx.root, "example.com.");
    const dkim = zone.rrsets.find(({ owner }) => owner === "default._domainkey.example.com.");
    expect(dkim?.rdatas).toEqual(['"v=DKIM1; k=rsa; p=MIGf+MA0/GCSq=="']);
    await call("/scripts2/synczones_local", `${body(2026010100)}&${uniqueId()}`);
    expect(await serialOf("example.com.")).toBe(2026010100);
  });

  it("one bad zone in a bulk command stops no other, and is named", async () => {
    const good = `cpdnszone-good.example=${encode(whmZone("good.example", 1))}`;
    const bad = `cpdnszone-bad.example=${encode("bad.example. 60 IN A 192.0.2.1\n")}`;
    const undecodable = "cpdnszone-worse.example=%zz";
    const odd = `cpdnszone-.hidden=${encode("x")}&cpdnszone-..%2fetc%2fpasswd=${encode("x")}`;
    const text = await call("/scripts2/synczones_local", `${bad}&${good}&${undecodable}&${odd}&${uniqueId()}`);
    expect(text).toMatch(/^bad\.example => refused: .*SOA/m);
    expect(text).toMatch(/^worse\.example => refused: .*hexadecimal/m);
    expect(await serialOf("good.example.")).toBe(1);
    expect(await server.ctx.db.client.zone.count({ where: { name: { contains: "hidden" } } })).toBe(0);
  });

  it("does a command once by its dnsuniqid, and answers the second time too", async () => {
    const id = uniqueId();
    await call("/scripts2/savezone_local", `zone=once.example&zonedata=${encode(whmZone("once.example", 5))}&${id}`);
    await call("/scripts2/savezone_local", `zone=once.example&zonedata=${encode(whmZone("once.example", 9))}&${id}`);
    expect(await serialOf("once.example.")).toBe(5);
    await call("/scripts2/removezone_local", `zone=once.example&${id}`);
    expect(await call("/scripts2/zoneexists_local", `zone=once.example&${uniqueId()}`)).toBe("1");
    await call("/scripts2/removezone_local", `zone=once.example&${id}_1`);
    expect(await call("/scripts2/zoneexists_local", `zone=once.example&${uniqueId()}`)).toBe("0");
  });

  it("reads zones in every way there is", async () => {
    expect((await call(`/scripts2/getzonelist_local?${uniqueId()}`)).split("\n")).toEqual([
      "example.com",
      "example.net",
      "good.example",
      "",
    ]);
    const one = await call("/scripts2/getzone_local", `zone=example.com.db&${uniqueId()}`);
    expect(one.split("\n")[0]).toMatch(
      /^; cPanel first:\S+ \(update_time\):1767323045 hostname:ns1\.example\.net latest:\S+$/,
    );
    expect(one).toContain("example.com. 86400 IN SOA ns1.example.org. hostmaster.example.org. 2026010100 ");
    expect(await call("/scripts2/getzone_local", `zone=absent.example&${uniqueId()}`)).toBe("");
    for (const list of ["example.com,example.net,absent.example", "example.com|example.net"]) {
      const many = await call("/scripts2/getzones_local", `zones=${encode(list)}&${uniqueId()}`);
      const texts = new Map(many.split("&").map((pair) => pair.split("=").map(decodeURIComponent) as [string, string]));
      expect([...texts.keys()].sort()).toEqual(["cpdnszone-example.com", "cpdnszone-example.net"]);
      expect(texts.get("cpdnszone-example.com")).toBe(one);
    }
    const all = await whm.post("/scripts2/getallzones_local", uniqueId(), ["Accept-Encoding: gzip"]);
    expect(all.headers.get("content-encoding")).toBe("gzip");
    expect(all.body.split("&").length).toBe(3);
    expect(await call("/scripts2/zoneexists_local", `zone=example.com&${uniqueId()}`)).toBe("1");
    expect(await call("/scripts2/zoneexists_local", `zone=absent.example&${uniqueId()}`)).toBe("0");
  });

  it("takes the older GET where newer members POST", async () => {
    expect(await call(`/scripts2/zoneexists_local?zone=example.com&${uniqueId()}`)).toBe("1");
    await call(
      `/scripts2/quickzoneadd_local?zone=get.example&zonedata=${encode(whmZone("get.example", 3))}&${uniqueId()}`,
    );
    expect(await serialOf("get.example.")).toBe(3);
    expect(await call(`/scripts2/removezones_local?zones=get.example,good.example&${uniqueId()}`)).toBe(
      "get.example => deleted from ns1.example.net. \ngood.example => deleted from ns1.example.net. \n",
    );
  });

  it("adds a zone in the older three steps", async () => {
    const text = await call(
      "/scripts2/quickzoneadd_local",
      `zone=quick.example&zonedata=${encode(whmZone("quick.example", 1))}&${uniqueId()}`,
    );
    expect(text).toBe("Zone quick.example has been successfully added\n");
    for (const path of [`addzoneconf_local?zone=quick.example&${uniqueId()}`, `cleandns_local?${uniqueId()}`])
      await call(`/scripts2/${path}`);
    for (const name of ["reloadzones", "reloadbind", "reconfigbind"])
      await call(`/scripts2/${name}_local`, `zone=quick.example&${uniqueId()}`);
    expect(await serialOf("quick.example.")).toBe(1);
  });

  it("tells its addresses and its members", async () => {
    expect(await call(`/scripts2/getips_local?${uniqueId()}`)).toBe("192.0.2.53\n2001:db8::53\n");
    await server.ctx.db.client.member.create({
      data: {
        ownerId: server.ctx.root.userId,
        hostname: "ns2.example.net",
        address: "192.0.2.54",
        username: "root",
        backend: "whm",
        role: "sync",
        sealedCredential: "",
        createdAt: 0n,
      },
    });
    expect(await call(`/scripts2/getpath_local?${uniqueId()}`)).toBe("ns1.example.net ns2.example.net\n");
  });

  it("takes a compressed form too", async () => {
    const body = gzipSync(`zone=packed.example&zonedata=${encode(whmZone("packed.example", 4))}`);
    expect((await whm.post("/scripts2/savezone_local", body, ["Content-Encoding: gzip"])).status).toBe(200);
    expect(await serialOf("packed.example.")).toBe(4);
  });

  it("keeps others out before it reads what they send", async () => {
    const body = `cpdnszone-evil.example=${encode(whmZone("evil.example", 1))}`;
    const wrong = await connect("wrong".repeat(6));
    expect((await wrong.post("/scripts2/synczones_local", body)).status).toBe(401);
    expect((await (await connect(server.token, "someone")).get("/scripts2/showversion?")).status).toBe(401);
    const { token } = await createToken(server.ctx, server.ctx.root, { name: "dns-only", acls: ["edit-dns"] });
    const limited = await connect(token);
    expect((await limited.get("/scripts2/showversion?")).status).toBe(200);
    expect((await limited.post("/scripts2/synczones_local", body)).status).toBe(403);
    const reseller = await server.ctx.addReseller("reseller");
    const theirs = await createToken(server.ctx, reseller, { name: "cluster" });
    expect((await (await connect(theirs.token, "reseller")).post("/scripts2/synczones_local", body)).status).toBe(403);
    expect(await call("/scripts2/zoneexists_local", "zone=evil.example")).toBe("0");
  });

  it("names what it cannot read, and stays up", async () => {
    const failing = async (path: string, body: string | Buffer, headers: string[] = []) =>
      whm.post(path, body, headers);
    expect(await failing("/scripts2/unknown_local", "")).toMatchObject({
      status: 404,
      body: expect.stringMatching(/^Error: /),
    });
    expect(await failing("/scripts2/savezone_local", "zone=example.com")).toMatchObject({
      status: 400,
      body: expect.stringMatching(/zonedata/),
    });
    expect(await failing("/scripts2/savezone_local", "%zz=1")).toMatchObject({ status: 400 });
    expect(await failing("/scripts2/savezone_local", "x", ["Content-Encoding: gzip"])).toMatchObject({ status: 400 });
    expect(await failing("/scripts2/getzone_local", "zone=..%2f..%2fetc")).toMatchObject({ status: 400 });
    const large = await connect(server.token);
    expect(await large.post("/scripts2/getzones_local", `zones=${"x,".repeat(600_000)}`)).toMatchObject({
      status: 413,
      body: expect.stringMatching(/larger than 1 MiB/),
    });
    expect(await call("/scripts2/gethostname?")).toBe("ns1.example.net");
  });
});
