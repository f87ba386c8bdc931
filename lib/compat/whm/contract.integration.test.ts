import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWhmEmulator } from "@/e2e/emulators/whm/whm-emulator";
import { connectWhmClient, type WhmClient } from "@/e2e/wire/whm-client";
import { startWireServer } from "@/e2e/wire/wire-server";
import { setLogLevel } from "@/lib/logger";
import { startMemberServer } from "@/lib/members/testing/member-server";

/**
 * What passes between cluster members, as a table: octet for octet what WHM's own client sends, and what it reads from the answers. This server has to
 * keep it, and so has the emulator that our own client is tested with: what the one learns to say, the other has to understand.
 */

interface Party {
  readonly port: number;
  readonly token: string;
  readonly hostname: string;
  close(): Promise<void>;
}

const PARTIES: readonly [string, () => Promise<Party>][] = [
  [
    "this server",
    async () =>
      Object.assign(await startWireServer("sqlite", { hostname: "whm.example.net" }), { hostname: "whm.example.net" }),
  ],
  [
    "the emulator of a WHM server",
    async () => Object.assign(await startWhmEmulator(), { token: "WHMTOKEN0123456789", hostname: "whm.example.net" }),
  ],
];

/** As URI::Escape and its kin encode: everything but letters, digits and -_.~ as %XX, spaces too. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

function zoneFile(zone: string, serial: number): string {
  return `; cPanel first:110.0.1 (update_time):1767323045 Cpanel::ZoneFile::VERSION:1.3 hostname:web1.example.org latest:110.0.1
; Zone file for ${zone}
$TTL 14400
${zone}.\t86400\tIN\tSOA\tns1.example.org.\thostmaster.example.org.\t(
\t\t\t\t${serial} ;Serial Number
\t\t\t\t3600 1800 1209600 86400 )
${zone}.\t86400\tIN\tNS\tns1.example.org.
key._domainkey\tIN\tTXT\t"v=DKIM1; p=a+b/c=="
`;
}

let ids = 0;
const dnsuniqid = () => `Contract${String(++ids).padStart(24, "0")}`;

/** Fields in the order that the client puts them: the `*_local` methods of cPanel::PublicAPI::DNS. */
const fields = (pairs: Record<string, string>) =>
  Object.entries(pairs)
    .map(([name, value]) => `${name}=${encode(value)}`)
    .join("&");
const zonePairs = (text: string) =>
  new Map(
    text
      .split("&")
      .filter((pair) => pair !== "")
      .map((pair) => pair.split("=").map(decodeURIComponent) as [string, string]),
  );

describe.each(PARTIES)("the member protocol as %s speaks it", (_, start) => {
  let party: Party;
  let whm: WhmClient;
  const extra: WhmClient[] = [];
  beforeAll(async () => {
    setLogLevel("error");
    party = await start();
    whm = await connectWhmClient({ port: party.port, username: "root", token: party.token });
  });
  afterAll(async () => {
    for (const client of [whm, ...extra]) client.close();
    await party.close();
  });

  const said = async (answer: ReturnType<WhmClient["get"]>) => {
    const { status, body } = await answer;
    expect(status, body).toBe(200);
    return body;
  };
  /** simple_get_whmreq: arguments in the query; without any, a bare question mark. */
  const get = (command: string, pairs: Record<string, string> = {}) =>
    said(whm.get(`/scripts2/${command}?${fields(pairs)}`));
  /** simple_post_whmreq: the same text as a body that calls itself application/octet-stream. */
  const post = (command: string, pairs: Record<string, string>) =>
    said(whm.post(`/scripts2/${command}`, fields(pairs)));
  const zones = async () =>
    (await get("getzonelist_local", { dnsuniqid: dnsuniqid() })).split("\n").filter(Boolean).sort();
  const text = (zone: string) => post("getzone_local", { zone, dnsuniqid: dnsuniqid() });
  const serialOf = async (zone: string) => /\b(20\d{8})\b/.exec(await text(zone))?.[1];
  const save = (zone: string, serial: number, id = dnsuniqid()) =>
    post("savezone_local", { zone, zonedata: zoneFile(zone, serial), dnsuniqid: id });

  it("says what it is", async () => {
    const { version } = JSON.parse(await said(whm.get("/json-api/version?"))) as { version: string };
    expect(Number.parseInt(version, 10)).toBeGreaterThanOrEqual(11);
    expect(await get("showversion")).toBe(version);
    expect(await get("gethostname")).toBe(party.hostname);
    expect(JSON.parse(await said(whm.get("/json-api/gethostname?")))).toEqual({ hostname: party.hostname });
  });

  it("answers the functions that a status column asks for, one by one and in a batch", async () => {
    const commands = ["installed_versions", "servicestatus?service=named", "version"];
    const body = ["api.version=1", ...commands.map((command) => `command=${encode(command)}`)].join("&");
    const { data, metadata } = JSON.parse(await said(whm.post("/json-api/batch", body)));
    expect(metadata).toMatchObject({ command: "batch", reason: "OK", result: 1, version: 1 });
    expect(data.result).toMatchObject([
      { metadata: { command: "installed_versions", result: 1 } },
      { data: { service: [{ name: "named", enabled: 1, installed: 1, monitored: 1, running: 1 }] } },
      { data: { version: expect.any(String) }, metadata: { command: "version" } },
    ]);
    const privileges = JSON.parse(await said(whm.post("/json-api/myprivs", "api.version=1")));
    expect(privileges.data.privileges[0]).toMatchObject({ clustering: 1, all: 0 });
  });

  it("answers a function by GET as by POST, a batch too", async () => {
    const query = `api.version=1&command=version&command=${encode("servicestatus?service=named")}`;
    for (const [name, args] of [
      ["version", "api.version=1"],
      ["gethostname", "api.version=1"],
      ["batch", query],
    ] as const)
      expect(await said(whm.get(`/json-api/${name}?${args}`))).toBe(await said(whm.post(`/json-api/${name}`, args)));
  });

  it("is set up as a member by the form that WHM posts, and says so when it is asked", async () => {
    const member = await startMemberServer();
    const hasTrust = async () => {
      const asked = fields({ "api.version": "1", host: "127.0.0.1", althost: "192.0.2.77" });
      return JSON.parse(await said(whm.get(`/json-api/cluster_member_has_trust_with?${asked}`))).data.has_trust;
    };
    expect(await hasTrust()).toBe(0);
    const form = fields({
      user: "root",
      clustermaster: `127.0.0.1:${member.port}`,
      pass: member.behaviour.token,
      version: "11.110.0.5",
    });
    expect(await said(whm.post("/cgi/trustclustermaster.cgi", `recurse=0&${form}`))).toMatch(/has been established/i);
    expect(await hasTrust()).toBe(1);
    await member.close();
  });

  it("refuses an unknown function in the envelope", async () => {
    const { data, metadata } = JSON.parse(await said(whm.get("/json-api/no_such_thing?api.version=1")));
    expect(data).toBeNull();
    expect(metadata).toEqual({
      command: "no_such_thing",
      reason: 'Unknown app ("no_such_thing") requested',
      result: 0,
      version: 1,
    });
  });

  it.each(["/json-api/version?", "/scripts2/showversion?", "/scripts2/getzonelist_local?"])(
    "lets nobody in without a token: %s",
    async (path) => {
      const stranger = await connectWhmClient({ port: party.port, username: "root", token: "NOT-THE-TOKEN" });
      extra.push(stranger);
      expect([401, 403]).toContain((await stranger.get(path)).status);
    },
  );

  it("takes zones in bulk, and gives them as a list, one, some or all", async () => {
    const form = ["one.example", "two.example"].map(
      (zone) => `cpdnszone-${encode(zone)}=${encode(zoneFile(zone, 2026010100))}`,
    );
    await said(whm.post("/scripts2/synczones_local", `${form.join("&")}&dnsuniqid=${dnsuniqid()}`));
    expect(await zones()).toEqual(["one.example", "two.example"]);
    for (const spelled of ["one.example", "one.example.db"]) {
      expect(await text(spelled)).toContain('"v=DKIM1; p=a+b/c=="');
      expect(await post("zoneexists_local", { zone: spelled, dnsuniqid: dnsuniqid() })).toBe("1");
    }
    expect(await text("absent.example")).toBe("");
    expect(await post("zoneexists_local", { zone: "absent.example", dnsuniqid: dnsuniqid() })).toBe("0");
    for (const list of ["one.example,two.example,absent.example", "one.example|two.example.db"]) {
      const some = zonePairs(await post("getzones_local", { zones: list, dnsuniqid: dnsuniqid() }));
      expect([...some.keys()].sort()).toEqual(["cpdnszone-one.example", "cpdnszone-two.example"]);
      expect(some.get("cpdnszone-one.example")).toBe(await text("one.example"));
    }
    const all = zonePairs(await post("getallzones_local", { dnsuniqid: dnsuniqid() }));
    expect([...all.keys()].sort()).toEqual(["cpdnszone-one.example", "cpdnszone-two.example"]);
  });

  it("reads any octet as %XX, in either case of the digits", async () => {
    for (const zone of ["%6fne.example", "%6Fne%2eexample", "%6f%6e%65%2E%65%78%61%6d%70%6c%65"])
      expect(await said(whm.post("/scripts2/zoneexists_local", `zone=${zone}&dnsuniqid=${dnsuniqid()}`))).toBe("1");
  });

  it("drops names that start with a dot or hold two in a row", async () => {
    const list = ".one.example,../one.example,one..example,one.example";
    const some = zonePairs(await post("getzones_local", { zones: list, dnsuniqid: dnsuniqid() }));
    expect([...some.keys()]).toEqual(["cpdnszone-one.example"]);
    const form = [".hidden.example", "..", "a..example", "one.example"].map(
      (zone) => `cpdnszone-${encode(zone)}=${encode(zoneFile("one.example", 2026010101))}`,
    );
    await whm.post("/scripts2/synczones_local", `${form.join("&")}&dnsuniqid=${dnsuniqid()}`);
    expect(await zones()).toEqual(["one.example", "two.example"]);
    expect(await serialOf("one.example")).toBe("2026010101");
  });

  it("stamps the first line of a zone file, with the update time that came with it", async () => {
    expect((await text("one.example")).split("\n")[0]).toMatch(
      /^; cPanel first:\S+ \(update_time\):1767323045 .*hostname:\S+ latest:\S+$/,
    );
  });

  it("packs what it is asked for only where the caller takes it packed", async () => {
    for (const command of ["getallzones_local", "getzones_local"]) {
      const form = fields({ zones: "one.example", dnsuniqid: dnsuniqid() });
      const plain = await whm.post(`/scripts2/${command}`, form);
      const packed = await whm.post(`/scripts2/${command}`, form, ["Accept-Encoding: gzip"]);
      expect([plain.headers.get("content-encoding"), packed.headers.get("content-encoding")]).toEqual([
        undefined,
        "gzip",
      ]);
      expect(packed.body).toBe(plain.body);
    }
  });

  it("does a command once by its dnsuniqid, and those nested in it by theirs", async () => {
    const id = dnsuniqid();
    await save("one.example", 2026010200, id);
    await save("one.example", 2026010300, id);
    expect(await serialOf("one.example")).toBe("2026010200");
    await save("one.example", 2026010300, `${id}_1`);
    expect(await serialOf("one.example")).toBe("2026010300");
  });

  it("keeps a plus a plus, written as one or as %2B, whatever the form calls itself", async () => {
    for (const type of ["application/octet-stream", "application/x-www-form-urlencoded", "text/plain"]) {
      for (const plus of ["+", "%2B"]) {
        const id = dnsuniqid();
        const form = fields({
          zone: "plus.example",
          zonedata: zoneFile("plus.example", 2026010100 + ++ids),
          dnsuniqid: id,
        });
        await said(whm.post("/scripts2/savezone_local", form.replace("a%2Bb", `a${plus}b`), [`Content-Type: ${type}`]));
        expect(await text("plus.example")).toContain('"v=DKIM1; p=a+b/c=="');
      }
    }
    expect(await post("removezone_local", { zone: "plus.example", dnsuniqid: dnsuniqid() })).toMatch(
      /^plus\.example => deleted/,
    );
  });

  it("adds a zone in the older steps, and answers the commands that follow", async () => {
    const added = await post("quickzoneadd_local", {
      zone: "quick.example.db",
      zonedata: zoneFile("quick.example", 2026010100),
      dnsuniqid: dnsuniqid(),
    });
    expect(added.trim()).toBe("Zone quick.example has been successfully added");
    await get("addzoneconf_local", { zone: "quick.example", dnsuniqid: dnsuniqid() });
    for (const command of ["reloadzones_local", "reloadbind_local", "reconfigbind_local"])
      for (const zone of ["", "quick.example", "quick.example,one.example"])
        await post(command, { dnsuniqid: dnsuniqid(), zone });
    await get("cleandns_local", { dnsuniqid: dnsuniqid() });
    expect(await zones()).toEqual(["one.example", "quick.example", "two.example"]);
  });

  it("tells its addresses and its place in the cluster by lines", async () => {
    for (const line of (await get("getips_local", { dnsuniqid: dnsuniqid() })).split("\n").filter(Boolean))
      expect(line).toMatch(/^[\da-f.:]+$/);
    for (const line of (await get("getpath_local", { dnsuniqid: dnsuniqid() })).split("\n").filter(Boolean))
      expect(line).toMatch(new RegExp(`^${party.hostname} \\S+$`));
  });

  it("takes commands about DNSSEC keys without failing", async () => {
    for (const command of ["synckeys_local", "revokekeys_local"])
      expect(await post(command, { zone: "one.example", "cpdnskey-1": "x", dnsuniqid: dnsuniqid() })).not.toBe("");
  });

  it("takes the older GET wherever newer members POST", async () => {
    expect(await get("zoneexists_local", { zone: "one.example", dnsuniqid: dnsuniqid() })).toBe("1");
    expect(await get("getzone_local", { zone: "one.example", dnsuniqid: dnsuniqid() })).toBe(await text("one.example"));
    expect(zonePairs(await get("getzones_local", { zones: "one.example", dnsuniqid: dnsuniqid() })).size).toBe(1);
    expect(zonePairs(await get("getallzones_local", { dnsuniqid: dnsuniqid() })).size).toBe(3);
    await get("savezone_local", {
      zone: "get.example",
      zonedata: zoneFile("get.example", 2026010100),
      dnsuniqid: dnsuniqid(),
    });
    await get("quickzoneadd_local", {
      zone: "get2.example",
      zonedata: zoneFile("get2.example", 2026010100),
      dnsuniqid: dnsuniqid(),
    });
    await get("synczones_local", {
      "cpdnszone-get3.example": zoneFile("get3.example", 2026010100),
      dnsuniqid: dnsuniqid(),
    });
    for (const command of ["reloadzones_local", "reloadbind_local", "reconfigbind_local"])
      await get(command, { dnsuniqid: dnsuniqid() });
    expect(await zones()).toEqual([
      "get.example",
      "get2.example",
      "get3.example",
      "one.example",
      "quick.example",
      "two.example",
    ]);
    await get("removezone_local", { zone: "get.example", dnsuniqid: dnsuniqid() });
    await get("removezones_local", { zones: "get2.example|get3.example", dnsuniqid: dnsuniqid() });
    expect(await zones()).toEqual(["one.example", "quick.example", "two.example"]);
  });

  it("takes a POST wherever the client GETs", async () => {
    for (const command of ["showversion", "gethostname"]) expect(await post(command, {})).toBe(await get(command));
    for (const command of ["getzonelist_local", "getips_local", "getpath_local", "cleandns_local", "addzoneconf_local"])
      expect(await post(command, { zone: "one.example", dnsuniqid: dnsuniqid() })).toBe(
        await get(command, { zone: "one.example", dnsuniqid: dnsuniqid() }),
      );
  });

  it("removes zones, a line for each", async () => {
    expect(await post("removezone_local", { zone: "quick.example", dnsuniqid: dnsuniqid() })).toMatch(
      /^quick\.example => deleted from whm\.example\.net\. *\n$/,
    );
    const list = "one.example,two.example.db";
    expect(
      (await post("removezones_local", { zones: list, dnsuniqid: dnsuniqid() })).split("\n").filter(Boolean),
    ).toEqual([
      expect.stringMatching(/^one\.example => deleted from whm\.example\.net\. *$/),
      expect.stringMatching(/^two\.example => deleted from whm\.example\.net\. *$/),
    ]);
    expect(await zones()).toEqual([]);
  });
});
