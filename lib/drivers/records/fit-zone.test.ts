import { describe, expect, it } from "vitest";
import { parseZoneFile } from "@/lib/dns/zone-file";
import { SOFTLAYER_LIMITS } from "@/lib/drivers/softlayer/limits";
import { VPSNET_LIMITS } from "@/lib/drivers/vpsnet/limits";
import { fitZone } from "./fit-zone";
import { limitWords, type RecordLimits } from "./record-limits";

const HEAD = "@ SOA ns1.example.net. hostmaster.example.net. 1 7200 3600 1209600 3600\n@ NS ns1.example.net.\n";

function fitted(lines: string, limits: RecordLimits = SOFTLAYER_LIMITS, apex = "example.com.") {
  const { zone } = parseZoneFile(`$TTL 300\n${HEAD}${lines}\n`, { origin: apex });
  if (!zone) throw new Error("The fixture is no zone.");
  return fitZone(zone, limits);
}
const line = ({ host, ttl, type, rdata }: ReturnType<typeof fitted>["records"][number]) =>
  `${host} ${ttl} ${type} ${rdata}`;

describe("fitZone", () => {
  it("leaves SOA and the zone's own NS to the service, and sends delegations", () => {
    const { records, notes, own, refusal } = fitted("sub NS ns9.example.org.\nwww A 192.0.2.1");
    expect(records.map(line)).toEqual(["sub 300 NS ns9.example.org.", "www 300 A 192.0.2.1"]);
    expect(notes).toEqual([]);
    expect(own).toBe("The SOA record and the NS records of the zone itself are SoftLayer's own.");
    expect(refusal).toBeNull();
  });

  it.each([
    ['@ CAA 0 issue "ca.example.net"', "Left out, as SoftLayer holds no CAA records: example.com. CAA."],
    ["a\\000b A 192.0.2.1", "Left out, as SoftLayer takes no such characters in names: a\\000b.example.com. A."],
    ["a/b A 192.0.2.1", "Left out, as SoftLayer takes no such characters in names: a/b.example.com. A."],
    ["c CNAME a\\.b.example.net.", "Left out, as SoftLayer takes no such characters in names: c.example.com. CNAME."],
    [
      `${"h".repeat(51)} A 192.0.2.1`,
      /^Left out, as SoftLayer takes names of up to 50 characters in front of the zone: /,
    ],
    [
      `t TXT "${"x".repeat(200)}" "${"y".repeat(56)}"`,
      "Left out, as SoftLayer takes texts of up to 255 characters, all strings together: t.example.com. TXT.",
    ],
    [`t SPF "${"x".repeat(255)}" "y"`, /^Left out, as SoftLayer takes texts of up to 255 characters/],
    ['t TXT "say \\"hi\\""', /^Left out, as what SoftLayer makes of quotes and backslashes in texts is not known: /],
    ['t TXT "back\\\\slash"', /^Left out, as what SoftLayer makes of quotes and backslashes in texts is not known: /],
    ['t TXT "caf\\195\\169"', /^Left out, as SoftLayer takes plain ASCII in texts: /],
    ['t TXT "tab\\009"', /^Left out, as SoftLayer takes plain ASCII in texts: /],
    ['t TXT ""', "Left out, as SoftLayer takes no empty text: t.example.com. TXT."],
    ["sip SRV 1 2 3 host.example.net.", /^Left out, as SoftLayer takes SRV records only at names such as _sip._tcp: /],
    [
      "_x._sctp SRV 1 2 3 host.example.net.",
      "Left out, as SoftLayer takes SRV records for tcp, udp and tls only: _x._sctp.example.com. SRV.",
    ],
  ])("leaves out %s", (text, note) => {
    const { records, notes } = fitted(text);
    expect(records).toEqual([]);
    expect(notes).toEqual([typeof note === "string" ? note : expect.stringMatching(note)]);
  });

  it.each([
    [
      `t TXT "${"x".repeat(200)}" "${"y".repeat(55)}"`,
      `t 300 TXT "${"x".repeat(200)}${"y".repeat(55)}"`,
      "Sent as one string instead of several: t.example.com. TXT.",
    ],
    ['t TXT "one" "Two"', 't 300 TXT "oneTwo"', "Sent as one string instead of several: t.example.com. TXT."],
    [
      "w 5 A 192.0.2.1",
      "w 60 A 192.0.2.1",
      "Sent with a TTL of 60 seconds, as SoftLayer takes no shorter one: w.example.com. A.",
    ],
    ["w 100000000 A 192.0.2.1", "w 99999999 A 192.0.2.1", /no longer one: w\.example\.com\. A\.$/],
  ])("changes %s with a note", (text, held, note) => {
    const { records, notes } = fitted(text);
    expect(records.map(line)).toEqual([held]);
    expect(notes[0]).toEqual(typeof note === "string" ? note : expect.stringMatching(note));
  });

  it.each([
    't TXT "MiXed Case; p=ABCdef/+="',
    't TXT "; it\'s (one) $TEXT @ %20 <b> & so on;"',
    `t TXT "${"x".repeat(255)}"`,
    "* A 192.0.2.1",
    "_sip._udp SRV 0 0 5060 .",
    "@ MX 0 .",
    "x AAAA 2001:db8::1",
  ])("sends %s as it is", (text) => {
    expect(fitted(text).records).toHaveLength(1);
    expect(fitted(text).notes).toEqual([]);
  });

  it("says everything that is changed about a record", () => {
    expect(fitted('t 5 TXT "one" "Two"').notes).toEqual([
      "Sent as one string instead of several: t.example.com. TXT.",
      "Sent with a TTL of 60 seconds, as SoftLayer takes no shorter one: t.example.com. TXT.",
    ]);
  });

  it("names a few and counts the others", () => {
    const many = Array.from({ length: 7 }, (_, n) => `h${n} CAA 0 issue ";"`).join("\n");
    expect(fitted(many).notes[0]).toMatch(/: h0\.example\.com\. CAA, .*, h3\.example\.com\. CAA and 3 more\.$/);
  });

  it.each([
    ["2.0.192.in-addr.arpa.", /no reverse zones/],
    ["a_b.example.", /characters/],
    [`${"l".repeat(60)}.${"l".repeat(60)}.${"l".repeat(40)}.example.`, /up to 150 characters; this one has 170/],
  ])("refuses the zone %s", (apex, reason) => {
    expect(fitted("", SOFTLAYER_LIMITS, apex).refusal).toMatch(reason);
  });

  it.each([
    ["www A 192.0.2.1", null],
    ["www AAAA 2001:db8::1", null],
    ["a/b A 192.0.2.1", /at least one A or AAAA record, and this one has none/],
    ["www CNAME host.example.net.", /at least one A or AAAA record/],
  ])("says whether a new zone could be made: %s", (text, obstacle) => {
    expect(fitted(text).obstacle).toEqual(obstacle === null ? null : expect.stringMatching(obstacle));
    expect(fitted(text, VPSNET_LIMITS).obstacle).toBeNull();
  });

  it("goes by the limits of the service", () => {
    expect(fitted("_sip._tcp SRV 1 2 3 host.example.net.", VPSNET_LIMITS).notes[0]).toMatch(
      /VPS\.NET holds no SRV records/,
    );
    expect(fitted(`${"h".repeat(51)} A 192.0.2.1`, VPSNET_LIMITS).records).toHaveLength(1);
  });
});

describe("limitWords", () => {
  it("says SRV only of a service that takes it", () => {
    expect(limitWords(SOFTLAYER_LIMITS).join(" ")).toMatch(
      /A, AAAA, CNAME, MX, NS, SPF, SRV and TXT.*SRV records for tcp, udp and tls only/,
    );
    expect(limitWords(VPSNET_LIMITS).join(" ")).not.toContain("SRV");
  });
});
