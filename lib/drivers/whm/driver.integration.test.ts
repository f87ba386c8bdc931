import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startWhmEmulator, type WhmEmulator, type WhmOptions } from "@/e2e/emulators/whm/whm-emulator";
import { digestCanonicalText } from "@/lib/dns/digest";
import { describeDriverConformance } from "@/lib/drivers/conformance";
import type { Driver, RemoteZone, ReplacedCopy, ZoneOutcome, ZoneWork } from "@/lib/drivers/driver";
import { connectionProblem } from "@/lib/drivers/http/connection-problem";
import type { Transaction } from "@/lib/drivers/http/transaction";
import { DriverError } from "@/lib/errors";
import { createWhmDriver, type WhmDriverConfig } from "./driver";

const signal = () => AbortSignal.timeout(20_000);
const TOKEN = "WHMTOKEN0123456789";
const AT = Date.UTC(2026, 0, 2, 3, 4, 5);

/** Canonical text, as the engine hands it over. */
function zoneText(name: string, serial: number, address = "192.0.2.1"): string {
  return [
    `${name} 3600 IN SOA ns1.example.net. hostmaster.example.net. ${serial} 3600 600 604800 300`,
    `${name} 3600 IN NS ns1.example.net.`,
    `txt.${name} 300 IN TXT "a+b & c=d; 100%"`,
    `www.${name} 300 IN A ${address}`,
    "",
  ].join("\n");
}

function work(name: string, serial: number, extra: { address?: string; updatedAt?: number } = {}): ZoneWork {
  const text = zoneText(name, serial, extra.address);
  const desired = { text, serial, digest: digestCanonicalText(text), updatedAt: extra.updatedAt ?? AT };
  return { name, seq: serial, desired, previous: null };
}

const UNKNOWN_BATCH = JSON.stringify({ metadata: { result: 0, reason: 'Unknown app ("batch") requested' } });

const stamp = (ms: number) =>
  `; cPanel first:110.0.1 (update_time):${ms / 1_000} hostname:web.example.org latest:110.0.1\n`;

describe("the WHM driver at a WHM server", () => {
  let whm: WhmEmulator;
  let driver: Driver;

  const open = (config: Partial<WhmDriverConfig> = {}) =>
    createWhmDriver({
      host: "whm.example.net",
      address: "127.0.0.1",
      port: whm.port,
      username: "root",
      token: TOKEN,
      pin: whm.pin,
      role: "sync",
      self: { serverId: "own-server", hostname: "panel.example.org" },
      ...config,
    });
  const start = async (options: WhmOptions = {}, config: Partial<WhmDriverConfig> = {}) => {
    await driver?.close();
    await whm?.close();
    whm = await startWhmEmulator(options);
    driver = open(config);
  };
  beforeEach(() => start());
  afterEach(async () => {
    await driver.close();
    await whm.close();
  });

  const apply = async (...items: ZoneWork[]) => {
    const outcomes = await driver.apply(items, signal());
    return items.map((item) => outcomes.find(({ name }) => name === item.name));
  };
  const listed = async () => {
    const zones: RemoteZone[] = [];
    for await (const page of driver.list(signal())) zones.push(...page);
    return zones;
  };
  const statuses = (outcomes: readonly (ZoneOutcome | undefined)[]) => outcomes.map((outcome) => outcome?.status);
  const failure = async (attempt: Promise<unknown>): Promise<DriverError> => {
    const error = await attempt.then(
      () => new Error("it did not fail"),
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof DriverError)) throw error;
    return error;
  };
  const codeOf = async (attempt: Promise<unknown>) => connectionProblem(await failure(attempt))?.code;
  const commands = () => whm.requests.map(({ path }) => path.replace("/scripts2/", ""));

  it("brings zones as WHM's client does: form text, a stamp in line 1, an id for each command", async () => {
    expect(statuses(await apply(work("example.com.", 5), work("example.net.", 7)))).toEqual(["accepted", "accepted"]);
    const push = whm.requests.find(({ path }) => path === "/scripts2/synczones_local");
    expect(push?.contentType).toBe("application/octet-stream");
    expect(whm.requests[0]).toMatchObject({ method: "GET", target: "/json-api/version?" });
    expect(push?.fields.get("dnsuniqid")).toMatch(/^[0-9A-Za-z]{32}$/);
    expect(whm.zones.get("example.com")?.split("\n")[0]).toMatch(
      /^; cPanel first:[\d.]+ \(update_time\):1767323045 hostname:panel\.example\.org latest:[\d.]+$/,
    );
    expect(whm.zones.get("example.com")).toContain(zoneText("example.com.", 5));
  });

  it("moves nothing that is there already", async () => {
    await apply(work("example.com.", 5));
    const before = commands().length;
    expect(statuses(await apply(work("example.com.", 5)))).toEqual(["accepted"]);
    expect(commands().slice(before)).toEqual(["getzones_local"]);
  });

  it("moves it all the same when its nameserver was seen to do otherwise, but nothing that is newer there", async () => {
    await apply(work("example.com.", 5));
    expect(statuses(await apply({ ...work("example.com.", 5), again: true }))).toEqual(["accepted"]);
    expect(commands().slice(-2)).toEqual(["getzones_local", "synczones_local"]);
    whm.zones.set("example.com", stamp(AT) + zoneText("example.com.", 6));
    expect(statuses(await apply({ ...work("example.com.", 5), again: true }))).toEqual(["newer-there"]);
  });

  it.each<[string, number, number, "accepted" | "newer-there"]>([
    ["a higher serial", 4, AT, "accepted"],
    ["a lower serial", 6, AT, "newer-there"],
    ["a serial that wrapped around", 4_294_967_295, AT, "accepted"],
    ["the same serial and an older stamp", 5, AT - 1_000, "accepted"],
    ["the same serial and a newer stamp", 5, AT + 1_000, "newer-there"],
  ])("in Synchronize, ours against %s", async (_, serial, at, status) => {
    whm.zones.set("example.com", stamp(at) + zoneText("example.com.", serial, "198.51.100.9"));
    const [outcome] = await apply(work("example.com.", 5));
    expect(outcome?.status).toBe(status);
    if (outcome?.status === "newer-there") {
      expect(outcome).toMatchObject({ text: zoneText("example.com.", serial, "198.51.100.9"), updatedAt: at });
      expect(commands()).not.toContain("synczones_local");
    } else expect(whm.zones.get("example.com")).toContain("192.0.2.1");
  });

  describe("in Synchronize, before it overwrites a copy that somebody had changed there,", () => {
    const accepted = work("example.com.", 4).desired;
    const edit = { ...work("example.com.", 5), previous: accepted };
    const theirs = zoneText("example.com.", 4, "198.51.100.9");

    it("hands it over, and none that was accepted there", async () => {
      const kept: ReplacedCopy[] = [];
      const keep = async (copy: ReplacedCopy) => {
        expect(whm.zones.get("example.com")).toContain(theirs);
        kept.push(copy);
      };
      whm.zones.set("example.com", stamp(AT) + zoneText("example.com.", 4));
      await driver.apply([edit], signal(), keep);
      expect(kept).toEqual([]);
      whm.zones.set("example.com", stamp(AT) + theirs);
      expect(statuses(await driver.apply([edit], signal(), keep))).toEqual(["accepted"]);
      expect(kept).toEqual([{ name: "example.com.", seq: edit.seq, text: theirs }]);
      expect(whm.zones.get("example.com")).not.toContain("198.51.100.9");
    });

    it("sends nothing where it cannot be kept", async () => {
      whm.zones.set("example.com", stamp(AT) + theirs);
      const full = new Error("The disk is full.");
      await expect(driver.apply([edit], signal(), () => Promise.reject(full))).rejects.toBe(full);
      expect(commands()).not.toContain("synczones_local");
    });
  });

  it("in Write-only, pushes without looking", async () => {
    await start({}, { role: "write-only" });
    whm.zones.set("example.com", zoneText("example.com.", 99));
    expect(statuses(await apply(work("example.com.", 5)))).toEqual(["accepted"]);
    expect(commands()).toEqual(["/json-api/version", "synczones_local"]);
    expect(whm.zones.get("example.com")).toContain(" 5 3600");
  });

  it("in Standalone, sends nothing", async () => {
    await start({}, { role: "standalone" });
    expect(await failure(apply(work("example.com.", 5)))).toMatchObject({ kind: "unsupported" });
    expect(commands()).toEqual(["/json-api/version"]);
  });

  it("does not decide over a copy that it cannot read", async () => {
    whm.zones.set("example.com", `${stamp(AT)}example.com. 3600 IN SOA ns1`);
    const [damaged, fine] = await apply(work("example.com.", 5), work("example.net.", 5));
    expect(damaged).toMatchObject({
      status: "failed",
      error: { kind: "conflict", message: expect.stringMatching(/cannot be read/) },
    });
    expect(fine?.status).toBe("accepted");
    expect(whm.zones.get("example.com")).toContain("SOA ns1");
  });

  it("removes zones, also those that are not there", async () => {
    whm.zones.set("example.com", zoneText("example.com.", 5));
    const gone = (name: string): ZoneWork => ({ name, seq: 9, desired: null, previous: null });
    expect(statuses(await apply(gone("example.com."), gone("example.org."), work("example.net.", 1)))).toEqual([
      "accepted",
      "accepted",
      "accepted",
    ]);
    expect([...whm.zones.keys()]).toEqual(["example.net"]);
  });

  it.each([
    ["sync", "newer-there"],
    ["write-only", "accepted"],
  ] as const)("as %s, what was changed there after what is deleted here is %s", async (role, status) => {
    await start({}, { role });
    const copy = zoneText("example.com.", 6);
    whm.zones.set("example.com", stamp(AT) + copy);
    const { serial, digest } = work("example.com.", 5).desired ?? {};
    const gone = { serial: serial ?? 0, digest: digest ?? "", updatedAt: AT };
    const [outcome] = await apply({ name: "example.com.", seq: 9, desired: null, gone, previous: null });
    expect(outcome).toMatchObject(status === "accepted" ? { status } : { status, text: copy });
    expect(whm.zones.has("example.com")).toBe(status === "newer-there");
    // Its own way to write the same serial is no change.
    whm.zones.set("example.com", stamp(AT + 1_000) + zoneText("example.com.", 5, "198.51.100.9"));
    expect(statuses(await apply({ name: "example.com.", seq: 9, desired: null, gone, previous: null }))).toEqual([
      "accepted",
    ]);
    expect(whm.zones.has("example.com")).toBe(false);
  });

  it("lists and fetches", async () => {
    whm.zones.set("example.com", stamp(AT) + zoneText("example.com.", 5));
    whm.zones.set("example.net.db", "");
    expect(await listed()).toEqual([{ name: "example.com." }, { name: "example.net." }]);
    expect(await driver.fetch(["example.com.", "example.org."], signal())).toEqual([
      { name: "example.com.", text: zoneText("example.com.", 5), updatedAt: AT },
    ]);
  });

  it("says what it found", async () => {
    expect(await driver.status(signal())).toEqual({
      version: "11.110.0.5",
      software: "cPanel & WHM",
      hostname: "whm.example.net",
      dnsAddresses: [{ address: "127.0.0.1", port: 53 }],
      nameserver: { software: "PowerDNS 4.4.1-1", runs: true },
    });
  });

  it("says that the nameserver does not run", async () => {
    whm.nameserver = { ...whm.nameserver, isRunning: false };
    expect((await driver.status(signal())).nameserver).toEqual({ software: "PowerDNS 4.4.1-1", runs: false });
  });

  it.each<[string, NonNullable<WhmEmulator["fault"]>]>([
    ["refuses to", { kind: "status", status: 403, on: /batch/ }],
    ["does not know how to", { kind: "says", text: UNKNOWN_BATCH, on: /batch/ }],
    ["answers something else", { kind: "rubbish", on: /batch/ }],
    ["takes its time to", { kind: "slow", ms: 20_000, on: /batch/ }],
    ["ends the connection when it shall", { kind: "drops", on: /batch/ }],
  ])("is content with a server that %s tell its nameserver", async (_, fault) => {
    whm.fault = fault;
    const status = await driver.status(signal());
    expect(status).toMatchObject({ software: "cPanel & WHM" });
    expect(status.nameserver).toBeUndefined();
  });

  it("has said what it is when the time is over before it told its nameserver", async () => {
    whm.fault = { kind: "slow", ms: 20_000, on: /batch/ };
    const time = new AbortController();
    await driver.close();
    driver = open({ onTransaction: ({ operation }) => operation === "myprivs" && time.abort() });
    expect(await driver.status(time.signal)).toMatchObject({ hostname: "whm.example.net" });
  });

  it.each<[string, WhmOptions, Partial<WhmDriverConfig>, string]>([
    ["a wrong token", {}, { token: "wrong" }, "token-refused"],
    ["a wrong user", {}, { username: "reseller" }, "token-refused"],
    ["a token without clustering", { acls: ["edit-dns"] }, {}, "missing-privilege"],
    ["an old version", { version: "10.99.1" }, {}, "version-too-old"],
    ["no version", { version: "Apache" }, {}, "not-a-member-server"],
    ["another certificate", {}, { pin: `${"A".repeat(43)}=` }, "certificate-changed"],
    ["an untrusted certificate", {}, { pin: null }, "certificate-untrusted"],
    ["a refused connection", {}, { port: 1 }, "connection-refused"],
  ])("tells %s from everything else", async (_, options, config, code) => {
    await start(options, config);
    expect(await codeOf(driver.status(signal()))).toBe(code);
  });

  it("takes a token that was pasted with line breaks", async () => {
    await start({}, { token: `${TOKEN.slice(0, 9)}\n${TOKEN.slice(9)}\n` });
    expect((await driver.status(signal())).software).toBe("cPanel & WHM");
  });

  it("knows other servers and login pages", async () => {
    whm.fault = { kind: "says", text: "<html><title>Login</title></html>", on: /./ };
    expect(await codeOf(driver.status(signal()))).toBe("not-a-member-server");
    whm.fault = { kind: "status", status: 404, on: /./ };
    expect(await codeOf(driver.status(signal()))).toBe("not-a-member-server");
    whm.fault = { kind: "status", status: 302, headers: { location: "https://other.example/" }, on: /./ };
    expect(await codeOf(driver.status(signal()))).toBe("redirected");
  });

  it("asks an older server for its version the older way", async () => {
    whm.fault = { kind: "status", status: 404, on: /json-api/ };
    expect(statuses(await apply(work("example.com.", 5)))).toEqual(["accepted"]);
    expect(commands()[1]).toBe("showversion");
  });

  describe("with a fault while pushing", () => {
    const on = /synczones/;

    it.each<[string, NonNullable<WhmEmulator["fault"]>, DriverError["kind"]]>([
      ["HTTP 500", { kind: "status", status: 500, on }, "bad-response"],
      ["HTTP 403", { kind: "status", status: 403, on }, "auth"],
      ["HTTP 401", { kind: "status", status: 401, on }, "auth"],
      ["HTTP 429", { kind: "status", status: 429, on }, "rate-limited"],
      ["a redirect", { kind: "status", status: 301, headers: { location: "/" }, on }, "bad-response"],
      ["a login page", { kind: "says", text: "<!DOCTYPE html><p>Log in", on }, "bad-response"],
      ["a dropped connection", { kind: "drops", on }, "unreachable"],
      ["half an answer", { kind: "half", on }, "unreachable"],
      ["an answer without end", { kind: "bomb", mebibytes: 80, on }, "bad-response"],
    ])("%s fails the command as a whole", async (_, fault, kind) => {
      whm.fault = fault;
      expect(await failure(apply(work("example.com.", 5)))).toMatchObject({ kind });
      whm.fault = null;
      expect(statuses(await apply(work("example.com.", 5)))).toEqual(["accepted"]);
    });

    it("gives up on a slow answer", async () => {
      await apply(work("example.org.", 5));
      whm.fault = { kind: "slow", ms: 10_000, on };
      const cut = driver.apply([work("example.com.", 5)], AbortSignal.timeout(200));
      expect(await failure(cut)).toMatchObject({ kind: "aborted" });
    });

    it("finds an error inside of success, and the zone that it names", async () => {
      whm.fault = { kind: "says", text: "Error: example.com.db: no NS record\n", on };
      const [named, other] = await apply(work("example.com.", 5), work("example.net.", 5));
      expect(named).toMatchObject({
        status: "failed",
        error: { kind: "rejected", message: expect.stringMatching(/no NS record/) },
      });
      expect(other?.status).toBe("accepted");
    });

    it("sends an unnamed refusal's zones apart until each has its own outcome", async () => {
      whm.fault = { kind: "says", text: '{"metadata":{"result":0,"reason":"Disk full"}}', on };
      const outcomes = await apply(...[1, 2, 3, 4, 5].map((n) => work(`z${n}.example.com.`, 5)));
      expect(statuses(outcomes)).toEqual(Array(5).fill("failed"));
      expect(outcomes[0]).toMatchObject({ error: { kind: "rejected", message: expect.stringMatching(/Disk full/) } });
    });
  });

  describe("with a fault while looking", () => {
    const on = /getzones_local|getzonelist/;

    it("takes rubbish for no answer", async () => {
      whm.fault = { kind: "rubbish", on };
      expect(await codeOf(apply(work("example.com.", 5)))).toBe("not-a-member-server");
      expect(await codeOf(listed())).toBe("not-a-member-server");
    });

    it("never takes half a list for the whole", async () => {
      whm.fault = { kind: "says", text: "example.com\n<p>Internal error</p>\n", on };
      expect(await codeOf(listed())).toBe("not-a-member-server");
    });

    it("does not overwrite by half a zone, nor hold up the others", async () => {
      whm.zones.set("example.com", stamp(AT) + zoneText("example.com.", 3));
      whm.zones.set("example.net", stamp(AT) + zoneText("example.net.", 3));
      whm.fault = { kind: "half-zone", on };
      const [first, half] = await apply(work("example.com.", 5), work("example.net.", 5));
      expect(first?.status).toBe("accepted");
      expect(half).toMatchObject({ status: "failed", error: { kind: "conflict" } });
      expect(whm.zones.get("example.net")).toContain(" 3 3600");
    });
  });

  it("keeps one connection open, and one edit is one look and one push on it", async () => {
    await apply(work("example.com.", 1));
    const before = commands().length;
    for (let serial = 2; serial <= 6; serial++) await apply(work("example.com.", serial));
    expect(commands().slice(before)).toEqual(Array(5).fill(["getzones_local", "synczones_local"]).flat());
    expect(whm.connections()).toBe(1);
  });

  it("in debug mode, tells every exchange and no secret", async () => {
    const log: Transaction[] = [];
    await start({}, { onTransaction: (transaction) => log.push(transaction) });
    await apply(work("example.com.", 1));
    whm.fault = { kind: "status", status: 500, body: `token ${TOKEN}` };
    await failure(apply(work("example.com.", 2)));
    expect(log.map(({ operation, method, error }) => [operation, method, error === null])).toEqual([
      ["version", "GET", true],
      ["getzones_local", "POST", true],
      ["synczones_local", "POST", true],
      ["getzones_local", "POST", false],
    ]);
    expect(JSON.stringify(log)).not.toContain(TOKEN);
    expect(log[2]).toMatchObject({ received: 0 });
    expect(log[0]).toMatchObject({ request: "GET /json-api/version?", reply: '{"version":"11.110.0.5"}' });
    expect(log[2]?.request).toMatch(/^POST \/scripts2\/synczones_local\ncpdnszone-example\.com=; cPanel first:/);
    expect(log[2]?.sent).toBeGreaterThan(200);
  });
});

describeDriverConformance("the WHM driver (Write-only) at a WHM server", async () => {
  const whm = await startWhmEmulator();
  const driver = createWhmDriver({
    host: "whm.example.net",
    address: "127.0.0.1",
    port: whm.port,
    username: "root",
    token: TOKEN,
    pin: whm.pin,
    role: "write-only",
    self: { serverId: "own-server", hostname: "panel.example.org" },
  });
  // The emulator has no nameserver at port 53: what WHM's driver assumes of it is left out here.
  const status: Driver["status"] = async (abort) => ({ ...(await driver.status(abort)), dnsAddresses: [] });
  return {
    driver: { ...driver, status },
    addresses: [],
    stop: async () => {
      await driver.close();
      await whm.close();
    },
  };
});
