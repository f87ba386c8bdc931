import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { heldText } from "@/e2e/emulators/held-text";
import { startVpsnetEmulator, type VpsnetEmulator } from "@/e2e/emulators/vpsnet/vpsnet-emulator";
import { conformanceWork, describeDriverConformance } from "@/lib/drivers/conformance";
import type { Driver, ZoneWork } from "@/lib/drivers/driver";
import { connectionProblem } from "@/lib/drivers/http/connection-problem";
import type { ServiceConfig } from "@/lib/drivers/records/json-api";
import { fittedText } from "@/lib/drivers/testing/fitted-text";
import { DriverError } from "@/lib/errors";
import { createVpsnetDriver } from "./driver";
import { VPSNET_LIMITS } from "./limits";

const signal = () => AbortSignal.timeout(20_000);

function held(vpsnet: VpsnetEmulator, apex: string): string | undefined {
  const zone = vpsnet.zones.get(apex.slice(0, -1));
  return (
    zone &&
    heldText(
      zone.name,
      zone.records.map((record) => ({ ...record, preference: record.mx_priority })),
    )
  );
}

function configFor({ port, pin }: VpsnetEmulator, changes: Partial<ServiceConfig> = {}): ServiceConfig {
  const endpoint = { host: "localhost", address: "127.0.0.1", port, pin };
  return { ...endpoint, username: "dns@example.com", token: "VPSKEY0123456789", nameservers: [], ...changes };
}

describeDriverConformance("The VPS.NET driver", async () => {
  const vpsnet = await startVpsnetEmulator();
  return {
    driver: createVpsnetDriver(configFor(vpsnet)),
    addresses: [],
    partial: {
      expected: (text, apex) => fittedText(text, apex, VPSNET_LIMITS),
      held: (name) => held(vpsnet, name),
      changes: vpsnet.changes,
      needs: () => [],
      largeZone: 1_000,
    },
    stop: () => vpsnet.close(),
  };
});

describe("the VPS.NET driver", () => {
  let vpsnet: VpsnetEmulator;
  let driver: Driver;
  beforeEach(async () => {
    vpsnet = await startVpsnetEmulator();
    driver = createVpsnetDriver(configFor(vpsnet));
  });
  afterEach(async () => {
    await driver.close();
    await vpsnet.close();
  });

  const zone = "example.com.";
  const record = (owner: string, type: string, rdata: string, ttl = 300) => ({ owner, type, ttl, rdata });
  const work = (serial: number, ...extra: ReturnType<typeof record>[]): ZoneWork =>
    conformanceWork(zone, serial, extra);
  const apply = async (item: ZoneWork) => (await driver.apply([item], signal()))[0];
  const failure = async (attempt: Promise<unknown>): Promise<DriverError> => {
    const error = await attempt.then(
      () => new Error("it did not fail"),
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof DriverError)) throw error;
    return error;
  };
  const records = () => vpsnet.zones.get("example.com")?.records ?? [];

  it("changes the one record that differs, and leaves the service's own alone", async () => {
    await apply(work(1, record(`www.${zone}`, "A", "192.0.2.2"), record(`mail.${zone}`, "A", "192.0.2.3")));
    const before = { ids: records().map(({ id }) => id), requests: vpsnet.requests.length };
    await apply(work(2, record(`www.${zone}`, "A", "198.51.100.2"), record(`mail.${zone}`, "A", "192.0.2.3")));
    const made = vpsnet.requests.slice(before.requests).map((line) => line.replace(/\/\d+/g, "/ID"));
    expect(made.filter((line) => !line.startsWith("GET"))).toEqual(["PUT /domains/ID/records/ID.api10json"]);
    expect(records().map(({ id }) => id)).toEqual(before.ids);
    expect(records().filter(({ type }) => type === "ns" || type === "soa")).toHaveLength(3);
  });

  it("removes the addresses that come with a new zone", async () => {
    await apply(work(1));
    expect(held(vpsnet, zone)).not.toContain("127.0.0.1");
  });

  it("keeps the case of texts, and says in notes what is left out", async () => {
    const outcome = await apply(
      work(1, record(`t.${zone}`, "TXT", '"MiXed=CaSe"'), record(`_sip._tcp.${zone}`, "SRV", "1 2 3 sip.example.net.")),
    );
    expect(records().find(({ host }) => host === "t")?.data).toBe("MiXed=CaSe");
    expect(outcome?.status === "accepted" && outcome.notes).toContain(
      "Left out, as VPS.NET holds no SRV records: _sip._tcp.example.com. SRV.",
    );
  });

  it("deletes the zone", async () => {
    await apply(work(1));
    expect(await apply({ name: zone, seq: 2, desired: null, previous: null })).toMatchObject({ status: "accepted" });
    expect(vpsnet.zones.size).toBe(0);
  });

  it("says in clear words when the zone may be another account's", async () => {
    vpsnet.elsewhere.add("example.com");
    const outcome = await apply(work(1));
    expect(outcome).toMatchObject({ status: "failed", error: { kind: "conflict" } });
    expect(outcome?.status === "failed" && outcome.error.message).toMatch(
      /If another account holds it.*name: has already been taken/,
    );
  });

  it("waits when it is asked to, and goes on where it was", async () => {
    await apply(work(1));
    const hosts = [1, 2, 3].map((n) => record(`h${n}.${zone}`, "A", `192.0.2.${n}`));
    vpsnet.fault = { kind: "answers", status: 429, headers: { "retry-after": "30" }, on: /^POST/, after: 1 };
    const error = await failure(driver.apply([work(2, ...hosts)], signal()));
    expect(error).toMatchObject({ kind: "rate-limited", extra: { retryAfterMs: 30_000 } });
    vpsnet.fault = null;
    expect(await apply(work(2, ...hosts))).toMatchObject({ status: "accepted" });
    expect(held(vpsnet, zone)).toBe(fittedText(work(2, ...hosts).desired?.text ?? "", zone, VPSNET_LIMITS));
  });

  it("says exactly what is wrong", async () => {
    await driver.close();
    driver = createVpsnetDriver(configFor(vpsnet, { token: "WRONG" }));
    const error = await failure(driver.status(signal()));
    expect(connectionProblem(error)?.code).toBe("token-refused");
    vpsnet.fault = { kind: "answers", status: 200, body: "<html>This domain is for sale</html>" };
    expect((await failure(driver.status(signal()))).kind).toBe("bad-response");
    vpsnet.fault = { kind: "answers", status: 404, body: "<html>Not here</html>" };
    expect(await failure(driver.apply([work(1)], signal()))).toMatchObject({ kind: "bad-response" });
  });
});
