import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { heldText } from "@/e2e/emulators/held-text";
import {
  type SoftlayerEmulator,
  type SoftlayerOptions,
  startSoftlayerEmulator,
} from "@/e2e/emulators/softlayer/softlayer-emulator";
import { conformanceWork, describeDriverConformance } from "@/lib/drivers/conformance";
import type { Driver, ZoneWork } from "@/lib/drivers/driver";
import { connectionProblem } from "@/lib/drivers/http/connection-problem";
import type { Transaction } from "@/lib/drivers/http/transaction";
import type { ServiceConfig } from "@/lib/drivers/records/json-api";
import { fittedText } from "@/lib/drivers/testing/fitted-text";
import { DriverError } from "@/lib/errors";
import { createSoftlayerDriver } from "./driver";
import { SOFTLAYER_LIMITS } from "./limits";

const KEY = "0123456789abcdef0123456789abcdef";
const signal = () => AbortSignal.timeout(20_000);

function held(softlayer: SoftlayerEmulator, apex: string): string | undefined {
  const zone = softlayer.account.named(apex.slice(0, -1));
  if (!zone) return undefined;
  const records = zone.resourceRecords.map((record) => {
    if (record.type !== "srv") return { ...record, preference: record.mxPriority };
    const place = `${record.service}.${record.protocol}`;
    const data = `${record.priority} ${record.weight} ${record.port} ${record.data}`;
    return { ...record, host: record.host === "@" ? place : `${place}.${record.host}`, data };
  });
  return heldText(zone.name, records);
}

function configFor(softlayer: SoftlayerEmulator, changes: Partial<ServiceConfig> = {}): ServiceConfig {
  const { port, pin } = softlayer;
  const endpoint = { host: "localhost", address: "127.0.0.1", port, pin };
  return { ...endpoint, username: "SL100001", token: KEY, nameservers: [], ...changes };
}

describeDriverConformance("The SoftLayer driver", async () => {
  const softlayer = await startSoftlayerEmulator();
  return {
    driver: createSoftlayerDriver(configFor(softlayer)),
    addresses: [],
    partial: {
      expected: (text, apex) => fittedText(text, apex, SOFTLAYER_LIMITS),
      held: (name) => held(softlayer, name),
      changes: () => softlayer.account.changes,
      needs: (apex) => [{ owner: apex, type: "A", ttl: 300, rdata: "192.0.2.1" }],
      largeZone: 2_000,
    },
    stop: () => softlayer.close(),
  };
});

describe("the SoftLayer driver", () => {
  let softlayer: SoftlayerEmulator;
  let driver: Driver;

  const start = async (options: SoftlayerOptions = {}, config: Partial<ServiceConfig> = {}) => {
    await driver?.close();
    await softlayer?.close();
    softlayer = await startSoftlayerEmulator(options);
    driver = createSoftlayerDriver(configFor(softlayer, config));
  };
  beforeEach(() => start());
  afterEach(async () => {
    await driver.close();
    await softlayer.close();
  });

  const zone = "example.com.";
  const record = (owner: string, type: string, rdata: string, ttl = 300) => ({ owner, type, ttl, rdata });
  const work = (serial: number, ...extra: ReturnType<typeof record>[]): ZoneWork =>
    conformanceWork(zone, serial, [record(zone, "A", "192.0.2.1"), ...extra]);
  const apply = async (item: ZoneWork) => (await driver.apply([item], signal()))[0];
  const failure = async (attempt: Promise<unknown>): Promise<DriverError> => {
    const error = await attempt.then(
      () => new Error("it did not fail"),
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof DriverError)) throw error;
    return error;
  };
  const calls = () => softlayer.requests.map((line) => line.replace(/^.*\/SoftLayer_/, "").replace(/\d+/, "ID"));
  const records = () => softlayer.account.named("example.com")?.resourceRecords ?? [];

  it("changes the one record that differs, in place", async () => {
    await apply(work(1, record(`www.${zone}`, "A", "192.0.2.2"), record(`mail.${zone}`, "A", "192.0.2.3")));
    const ids = records().map(({ id }) => id);
    const before = calls().length;
    await apply(work(2, record(`www.${zone}`, "A", "198.51.100.2"), record(`mail.${zone}`, "A", "192.0.2.3")));
    expect(calls().slice(before)).toEqual(["Account/getDomains.json", "Dns_Domain_ResourceRecord/ID/editObject.json"]);
    expect(records().map(({ id }) => id)).toEqual(ids);
    expect(records().find(({ host }) => host === "www")?.data).toBe("198.51.100.2");
  });

  it("leaves the service's own SOA and NS records alone, and removes what a new zone came with", async () => {
    await start({ makesDefaults: true });
    await apply(work(1));
    const own = records().filter(({ type }) => type === "soa" || type === "ns");
    expect(own.map(({ data }) => data)).toEqual(["ns1.softlayer.com.", "ns1.softlayer.com.", "ns2.softlayer.com."]);
    expect(held(softlayer, zone)).toBe(fittedText(work(1).desired?.text ?? "", zone, SOFTLAYER_LIMITS));
    expect(records().some(({ host }) => host === "webmail")).toBe(false);
  });

  it("keeps the case of texts and every sign that may be sent, and puts strings together", async () => {
    const key = "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA";
    const signs = "; it's (one) $TEXT @ %20 <b> & so on;";
    const texts = [
      record(`sel._domainkey.${zone}`, "TXT", `"${key}"`),
      record(`signs.${zone}`, "TXT", `"${signs}"`),
      record(`long.${zone}`, "TXT", `"${"x".repeat(200)}" "${"Y".repeat(55)}"`),
      record(`longer.${zone}`, "TXT", `"${"x".repeat(255)}" "y"`),
    ];
    const outcome = await apply(work(1, ...texts));
    const data = (wanted: string) => records().find(({ type, host }) => type === "txt" && host === wanted)?.data;
    expect(["sel._domainkey", "signs", "long", "longer"].map(data)).toEqual([
      key,
      signs,
      `${"x".repeat(200)}${"Y".repeat(55)}`,
      undefined,
    ]);
    expect(outcome?.status === "accepted" && outcome.notes).toEqual(
      expect.arrayContaining([
        "Sent as one string instead of several: long.example.com. TXT.",
        "Left out, as SoftLayer takes texts of up to 255 characters, all strings together: longer.example.com. TXT.",
      ]),
    );
    const { changes } = softlayer.account;
    await apply(work(2, ...texts));
    expect(softlayer.account.changes).toBe(changes);
  });

  it("brings SRV and MX with fields of their own, and reads them back however they are spelt", async () => {
    const srv = record(`_sip._tcp.voice.${zone}`, "SRV", "10 20 5060 sip.example.net.");
    await apply(work(1, srv));
    const stored = records().find(({ type }) => type === "srv");
    expect(stored).toMatchObject({
      service: "_sip",
      protocol: "_tcp",
      host: "voice",
      priority: 10,
      weight: 20,
      port: 5060,
    });
    Object.assign(stored ?? {}, { service: "sip", protocol: "TCP", host: "_sip._tcp.voice" });
    const { changes } = softlayer.account;
    await apply(work(2, srv));
    expect(softlayer.account.changes).toBe(changes);
  });

  it("says in notes what is left out", async () => {
    const outcome = await apply(work(1, record(zone, "CAA", '0 issue "ca.example.net"')));
    expect(outcome).toMatchObject({ status: "accepted" });
    expect(outcome?.status === "accepted" && outcome.notes).toContain(
      "Left out, as SoftLayer holds no CAA records: example.com. CAA.",
    );
  });

  it("takes the place of a CNAME, and the other way round", async () => {
    const name = `www.${zone}`;
    for (const [type, rdata] of [
      ["A", "192.0.2.9"],
      ["CNAME", "host.example.net."],
      ["A", "192.0.2.9"],
    ] as const) {
      expect(await apply(work(1, record(name, type, rdata)))).toMatchObject({ status: "accepted" });
      expect(records().find(({ host }) => host === "www")?.type).toBe(type.toLowerCase());
    }
  });

  it("is not misled by a zone whose name holds the other one", async () => {
    softlayer.account.createZone({
      name: "sub.example.com",
      resourceRecords: [{ type: "a", host: "@", data: "192.0.2.7" }],
    });
    await apply(work(1));
    expect([...softlayer.account.zones.values()].map(({ name }) => name)).toEqual(["sub.example.com", "example.com"]);
  });

  it("says in clear words when the zone may be another account's", async () => {
    softlayer.account.elsewhere.add("example.com");
    const outcome = await apply(work(1));
    expect(outcome).toMatchObject({ status: "failed", error: { kind: "conflict" } });
    expect(outcome?.status === "failed" && outcome.error.message).toMatch(
      /If another account holds it.*already in use/,
    );
  });

  it("says what a new zone lacks before anything is sent", async () => {
    const outcome = await apply(conformanceWork(zone, 1));
    expect(outcome).toMatchObject({
      status: "failed",
      error: { kind: "unsupported", message: /at least one A or AAAA/ },
    });
    expect(calls()).toEqual(["Account/getDomains.json"]);
  });

  it.each([
    [
      "the exception in a 500",
      {
        status: 500,
        body: JSON.stringify({
          error: "Rate limit exceeded.",
          code: "SoftLayer_Exception_WebService_RateLimitExceeded",
        }),
      },
      1_000,
    ],
    ["429 with Retry-After", { status: 429, headers: { "retry-after": "17" } }, 17_000],
  ])("waits when it is asked to: %s", async (_, answer, retryAfterMs) => {
    await apply(work(1));
    softlayer.fault = { kind: "answers", ...answer, on: /editObject|createObject/, after: 1 };
    const hosts = [1, 2, 3].map((n) => record(`h${n}.${zone}`, "A", `192.0.2.${n}`));
    expect(await failure(driver.apply([work(2, ...hosts)], signal()))).toMatchObject({
      kind: "rate-limited",
      extra: { retryAfterMs },
    });
    softlayer.fault = null;
    expect(await apply(work(2, ...hosts))).toMatchObject({ status: "accepted" });
    expect(held(softlayer, zone)).toBe(fittedText(work(2, ...hosts).desired?.text ?? "", zone, SOFTLAYER_LIMITS));
  });

  it("finishes what a lost connection cut off, without anything twice", async () => {
    await apply(work(1));
    const hosts = [1, 2, 3].map((n) => record(`h${n}.${zone}`, "A", `192.0.2.${n}`));
    softlayer.fault = { kind: "drops", on: /createObject/, after: 1 };
    expect((await failure(driver.apply([work(2, ...hosts)], signal()))).kind).toBe("unreachable");
    softlayer.fault = null;
    expect(await apply(work(2, ...hosts))).toMatchObject({ status: "accepted" });
    expect(records().filter(({ host }) => /^h\d$/.test(host))).toHaveLength(3);
  });

  it.each([
    ["the key is wrong", { token: "f".repeat(32) }, "token-refused"],
    ["nobody listens", { port: 1 }, "connection-refused"],
    ["the certificate is another one", { pin: `${"A".repeat(43)}=` }, "certificate-changed"],
    ["the certificate is not trusted", { pin: null }, "certificate-untrusted"],
  ])("says exactly what is wrong when %s", async (_, change, code) => {
    await driver.close();
    driver = createSoftlayerDriver(configFor(softlayer, change));
    const error = await failure(driver.status(signal()));
    expect(connectionProblem(error)?.code).toBe(code);
    expect(error.message).not.toContain(KEY);
  });

  it("takes a web page for no answer", async () => {
    for (const status of [200, 404, 500]) {
      softlayer.fault = { kind: "answers", status, body: "<html>Moved</html>" };
      expect((await failure(driver.apply([work(1)], signal()))).kind).toBe("bad-response");
    }
  });

  it("tells debug mode what was asked and answered in every exchange, without the key", async () => {
    const seen: Transaction[] = [];
    await start({}, { onTransaction: (transaction) => seen.push(transaction) });
    await apply(work(1));
    await apply(work(2, record(`www.${zone}`, "A", "192.0.2.8")));
    softlayer.fault = {
      kind: "answers",
      status: 500,
      body: JSON.stringify({ error: `Not with ${KEY}, SL100001.`, code: "SoftLayer_Exception" }),
      on: /createObject/,
    };
    await apply(work(3, record(`ftp.${zone}`, "A", "192.0.2.9")));
    const made = (host: string) => seen.find(({ operation }) => operation === `createObject of ${host} A`);
    expect(made("www")).toMatchObject({
      method: "POST",
      error: null,
      request: expect.stringMatching(/^POST \/rest\/v3\.1\/.*\/createObject\.json\n.*"data":"192\.0\.2\.8"/),
      reply: expect.stringContaining('"host":"www"'),
    });
    expect(made("ftp")).toMatchObject({
      error: expect.stringContaining("SoftLayer refused"),
      reply: expect.stringContaining("Not with [removed]"),
    });
    const basic = Buffer.from(`SL100001:${KEY}`).toString("base64");
    expect(JSON.stringify(seen)).not.toMatch(new RegExp(`${KEY}|${basic}`));
  });
});
