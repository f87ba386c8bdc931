/**
 * One suite for every driver: what the contract in driver.ts promises, asked of the target itself. Every step ends with looking at what the
 * target holds (and, where it has a nameserver, what that answers), and with applying the same work again, which must change nothing.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { digestCanonicalText } from "@/lib/dns/digest";
import { parseName } from "@/lib/dns/name";
import { parseRdata } from "@/lib/dns/rdata/registry";
import { makeZone, type ZoneRecord } from "@/lib/dns/zone-build";
import { formatZone } from "@/lib/dns/zone-file";
import type { Driver, RemoteZone, ZoneOutcome, ZoneWork } from "@/lib/drivers/driver";
import type { DnsAddress } from "@/lib/wire/dns-address";
import { querySoa } from "@/lib/wire/query";

export interface ConformanceSubject {
  readonly driver: Driver;
  /** Nameservers that must answer with what was accepted. Empty for targets without one. */
  readonly addresses: readonly DnsAddress[];
  /** Records that make the target refuse the zone, where there are any that our own validation lets through to it. */
  readonly refused?: (apex: string) => readonly ZoneRecord[];
  /** A target that holds a part of a zone, and that its driver cannot read: it is looked at directly. */
  readonly partial?: PartialTarget;
  stop(): Promise<void>;
}

export interface PartialTarget {
  /** The canonical text of what it is to hold of a zone; null: it cannot hold a zone of this name. */
  expected(text: string, apex: string): string | null;
  /** The same of what it holds; undefined: it has no such zone. */
  held(name: string): string | undefined;
  /** Changes that were made there so far. */
  changes(): number;
  /** Records without which it makes no zone. */
  needs(apex: string): readonly ZoneRecord[];
  /** Records of a large zone: one call for each takes its time. */
  readonly largeZone: number;
}

const UPDATED_AT = Date.UTC(2026, 0, 2, 3, 4, 5);
const signal = new AbortController().signal;

/** Names that are legal and awkward: escapes, slashes, an asterisk label (a zone at a wildcard itself is refused before), digits only, the longest one. */
export const AWKWARD_NAMES: readonly string[] = [
  "xn--bcher-kva.example.",
  "0/25.2.0.192.in-addr.arpa.",
  "a\\.b.example.",
  "\\000\\255.example.",
  '\\@\\$\\(\\)\\;\\".example.',
  "back\\\\slash.example.",
  "a.*.wild.example.",
  "_tcp.example.",
  "-.example.",
  "zone.example.",
  "%s.example.",
  "!#&'+,:<=>?[]^`{|}~.example.",
  `${`${"l".repeat(63)}.`.repeat(3)}${"m".repeat(53)}.example.`.slice(0, 254).replace(/\.?$/, "."),
  `${"\\001".repeat(60)}.example.`,
].map((name) => parseName(name));

/** Canonical text of a small zone with a few records and `extra`. */
export function conformanceZone(apex: string, serial: number, extra: readonly ZoneRecord[] = []): string {
  const record = (owner: string, type: string, rdata: string): ZoneRecord => ({ owner, ttl: 3600, type, rdata });
  return formatZone(
    makeZone(apex, [
      record(apex, "SOA", `ns1.example.net. hostmaster.example.net. ${serial} 7200 3600 1209600 3600`),
      record(apex, "NS", "ns1.example.net."),
      record(apex, "NS", "ns2.example.net."),
      record(apex, "MX", "10 mail.example.net."),
      record(apex, "TXT", '"v=spf1 -all" "quotes \\" and \\\\ and \\195\\164"'),
      ...extra,
    ]),
  );
}

/** The work that brings a zone to `serial`. */
export function conformanceWork(name: string, serial: number, extra: readonly ZoneRecord[] = []): ZoneWork {
  const text = conformanceZone(name, serial, extra);
  const desired = { text, serial, digest: digestCanonicalText(text), updatedAt: UPDATED_AT };
  return { name, seq: serial, desired, previous: null };
}

const removal = (name: string): ZoneWork => ({ name, seq: 99, desired: null, previous: null });
const address = (owner: string, rdata: string): ZoneRecord => ({ owner, ttl: 60, type: "A", rdata });

/** Whether a target can hold a zone of this name at all. */
function isHeld({ partial }: ConformanceSubject, { name, desired }: ZoneWork): boolean {
  return !partial || partial.expected(desired?.text ?? conformanceZone(name, 1), name) !== null;
}

/** Looks at the target itself, and makes sure that its driver does not pretend to read it. */
async function expectPartlyHeld(driver: Driver, partial: PartialTarget, work: readonly ZoneWork[]): Promise<void> {
  for (const { name, desired } of work) {
    const expected = desired ? (partial.expected(desired.text, name) ?? undefined) : undefined;
    expect(partial.held(name), `held ${name}`).toBe(expected);
  }
  expect(driver.capabilities.read.supported).toBe(false);
  const names = work.map(({ name }) => name);
  await expect(driver.fetch(names, signal)).rejects.toMatchObject({ kind: "unsupported" });
  await expect(driver.list(signal)[Symbol.asyncIterator]().next()).rejects.toMatchObject({ kind: "unsupported" });
}

/** Asks the target what it has: list, fetch and DNS must all agree with the work. */
async function expectHeld(subject: ConformanceSubject, work: readonly ZoneWork[]): Promise<void> {
  const { driver, addresses, partial } = subject;
  if (partial) return expectPartlyHeld(driver, partial, work);
  const listed = new Map<string, RemoteZone>();
  for await (const page of driver.list(signal)) for (const zone of page) listed.set(zone.name, zone);
  const fetched = new Map(
    (
      await driver.fetch(
        work.map(({ name }) => name),
        signal,
      )
    ).map((zone) => [zone.name, zone]),
  );
  for (const { name, desired } of work) {
    expect(fetched.get(name)?.text, `fetch ${name}`).toBe(desired?.text);
    expect(listed.has(name), `list ${name}`).toBe(desired !== null);
    const { serial = desired?.serial, digest = desired?.digest } = listed.get(name) ?? {};
    expect({ serial, digest }, `list ${name}`).toEqual({ serial: desired?.serial, digest: desired?.digest });
    for (const server of addresses) {
      const answer = await querySoa(server, name, { timeoutMs: 5000 });
      if (desired) expect(answer, name).toEqual({ status: "answered", serial: desired.serial, authoritative: true });
      else expect(["refused", "nxdomain", "not-authoritative"], `${name}: ${answer.status}`).toContain(answer.status);
    }
  }
}

/** Every zone was accepted, and a zone that the target cannot hold was said to be one. */
function expectSettled(subject: ConformanceSubject, outcomes: readonly ZoneOutcome[], work: readonly ZoneWork[]): void {
  const seen = outcomes.map(({ name, seq, status, ...rest }) => {
    const error = "error" in rest ? rest.error : undefined;
    return { name, seq, status, error: error?.kind === "unsupported" ? "unsupported" : error?.message };
  });
  const wanted = work.map((item) => {
    const isAccepted = item.desired === null || isHeld(subject, item);
    const outcome = isAccepted ? { status: "accepted", error: undefined } : { status: "failed", error: "unsupported" };
    return { name: item.name, seq: item.seq, ...outcome };
  });
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
  expect(seen.sort(byName)).toEqual(wanted.sort(byName));
}

/** Applies, looks, and applies again with the acknowledgement: nothing may change then. */
async function bring(subject: ConformanceSubject, work: readonly ZoneWork[]): Promise<void> {
  expectSettled(subject, await subject.driver.apply(work, signal), work);
  await expectHeld(subject, work);
  const changes = subject.partial?.changes();
  const again = work.map((item) => ({ ...item, previous: item.desired }));
  expectSettled(subject, await subject.driver.apply(again, signal), again);
  await expectHeld(subject, work);
  expect(subject.partial?.changes(), "nothing changes the second time").toBe(changes);
}

/** @param setup starts the target; called once, and `stop` in the end */
export function describeDriverConformance(name: string, setup: () => Promise<ConformanceSubject>): void {
  describe(`${name} keeps the driver contract`, () => {
    let subject: ConformanceSubject;
    beforeAll(async () => {
      subject = await setup();
    });
    afterAll(() => subject?.stop());
    /** A zone's work, with what the target needs in every zone. */
    const workFor = (zone: string, serial: number, extra: readonly ZoneRecord[] = []) =>
      conformanceWork(zone, serial, [...(subject.partial?.needs(zone) ?? []), ...extra]);

    it("says what it is", async () => {
      const status = await subject.driver.status(signal);
      expect(status.version).not.toBe("");
      expect(status.software).not.toBe("");
      expect(status.dnsAddresses).toEqual(subject.addresses);
      expect(subject.driver.capabilities.batchSize).toBeGreaterThan(0);
    });

    it("adds, changes and removes a zone", async () => {
      const zone = "life.example.";
      await bring(subject, [workFor(zone, 1)]);
      await bring(subject, [workFor(zone, 2, [address(`www.${zone}`, "192.0.2.1")])]);
      await bring(subject, [workFor(zone, 3)]);
      await bring(subject, [removal(zone)]);
      await bring(subject, [workFor(zone, 4)]);
      await bring(subject, [removal(zone)]);
    });

    it("removes what is not there", () => bring(subject, [removal("never.example.")]));

    it("takes serials that go backwards, stay, and wrap", async () => {
      const zone = "serial.example.";
      for (const serial of [2_000_000_000, 5, 4_294_967_295, 0, 1]) await bring(subject, [workFor(zone, serial)]);
      await bring(subject, [workFor(zone, 1, [address(zone, "192.0.2.9")])]);
      await bring(subject, [removal(zone)]);
    });

    it("takes every legal name", async () => {
      await bring(
        subject,
        AWKWARD_NAMES.map((zone) => workFor(zone, 7)),
      );
      await bring(
        subject,
        AWKWARD_NAMES.map((zone) => workFor(zone, 8)),
      );
      await bring(subject, AWKWARD_NAMES.map(removal));
    });

    it("takes any octet in owners and names", async () => {
      const zone = "odd.example.";
      const records = [
        ["cname", "CNAME", "a+b\\000.example.net."],
        ["mx", "MX", "10 a'b.example.net."],
        ["srv", "SRV", "1 2 3 a:b.example.net."],
        ["svcb", "SVCB", "1 a=b.example.net."],
        ["txt", "TXT", '"a+b" "\\000"'],
      ].map(([label = "", type = "", rdata = ""]): ZoneRecord => {
        return { owner: parseName(`${label}!%.\\255.${zone}`), ttl: 60, type, rdata: parseRdata(type, rdata, zone) };
      });
      await bring(subject, [workFor(zone, 1, records)]);
      await bring(subject, [removal(zone)]);
    });

    it("takes a zone with thousands of records", async () => {
      const zone = "large.example.";
      const hosts = Array.from({ length: subject.partial?.largeZone ?? 5000 }, (_, i) =>
        address(`h${i}.${zone}`, `192.0.2.${i % 250}`),
      );
      await bring(subject, [workFor(zone, 1, hosts)]);
      await bring(subject, [workFor(zone, 2, hosts.slice(1))]);
      await bring(subject, [removal(zone)]);
    });

    it("takes additions, changes and removals in one batch, as many as it says", async () => {
      const count = Math.min(subject.driver.capabilities.batchSize, 300);
      const zones = Array.from({ length: count }, (_, i) => `batch${i}.example.`);
      const first = zones.filter((_, i) => i % 3 > 0);
      await bring(
        subject,
        first.map((zone) => workFor(zone, 1)),
      );
      await bring(
        subject,
        zones.map((zone, i) => (i % 3 === 2 ? removal(zone) : workFor(zone, 2))),
      );
      await bring(subject, zones.map(removal));
    });

    it("lets a refused zone block no other, and keeps what was served before", async () => {
      const { refused } = subject;
      if (!refused) return;
      const old = workFor("old.example.", 1);
      const good = ["g1.example.", "g2.example."].map((zone) => workFor(zone, 1));
      await bring(subject, [old]);
      const bad = ["new.example.", "old.example."].map((zone) => workFor(zone, 2, refused(zone)));
      for (const _ of ["first", "again"]) {
        const outcomes = await subject.driver.apply([...bad, ...good], signal);
        const failed = outcomes.filter(({ status }) => status === "failed");
        expect(failed.map((outcome) => outcome.name).sort()).toEqual(["new.example.", "old.example."]);
        for (const outcome of failed)
          expect(outcome).toMatchObject({ error: { name: "DriverError", kind: "rejected" } });
        await expectHeld(subject, [old, removal("new.example."), ...good]);
      }
      await bring(subject, [workFor("old.example.", 3), workFor("new.example.", 3)]);
      await bring(subject, ["old.example.", "new.example.", "g1.example.", "g2.example."].map(removal));
    });

    it("leaves out what is absent", async () => {
      if (subject.partial) return expectHeld(subject, [removal("absent.example.")]);
      expect(await subject.driver.fetch(["absent.example."], signal)).toEqual([]);
    });

    it("does nothing for a signal that has aborted", async () => {
      const aborted = AbortSignal.abort();
      const { driver } = subject;
      const work = workFor("aborted.example.", 1);
      await expect(driver.apply([work], aborted)).rejects.toMatchObject({ kind: "aborted" });
      await expect(driver.fetch(["x.example."], aborted)).rejects.toMatchObject({ kind: "aborted" });
      await expect(driver.status(aborted)).rejects.toMatchObject({ kind: "aborted" });
      await expect(driver.list(aborted)[Symbol.asyncIterator]().next()).rejects.toMatchObject({ kind: "aborted" });
      await expectHeld(subject, [removal(work.name)]);
    });

    it("closes twice", async () => {
      await subject.driver.close();
      await subject.driver.close();
    });
  });
}
