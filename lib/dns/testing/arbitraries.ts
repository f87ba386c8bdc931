/** Generators of names, records and zones for property tests. Everything they make is canonical. */
import fc from "fast-check";
import { parseName } from "../name";
import { parseRdata, RDATA_TYPES } from "../rdata/registry";
import type { Zone } from "../zone";
import { makeZone, type ZoneRecord } from "../zone-build";

const pick = (text: string) => fc.constantFrom(...text);

const plainLabel = fc.string({ unit: pick("abcdefghijklmnopqrstuvwxyz0123456789-_"), minLength: 1, maxLength: 12 });
/** Any octets, all escaped: names may hold them. */
const oddLabel = fc
  .uint8Array({ minLength: 1, maxLength: 8 })
  .map((octets) => Array.from(octets, (octet) => `\\${String(octet).padStart(3, "0")}`).join(""));
const longLabel = fc.constant("l".repeat(63));

export const label = fc.oneof(
  { arbitrary: plainLabel, weight: 12 },
  { arbitrary: oddLabel, weight: 1 },
  { arbitrary: longLabel, weight: 1 },
);

/** Canonical names anywhere, the root included. */
export const anyName = fc.array(label, { maxLength: 3 }).map((labels) => parseName(`${labels.join(".")}.`));

/** Canonical names at or below `apex`, wildcards among them. */
export const nameIn = (apex: string) =>
  fc.tuple(fc.array(label, { maxLength: 2 }), fc.integer({ min: 0, max: 19 })).map(([labels, dice]) => {
    const relative = [...(dice === 0 ? ["*"] : []), ...labels].join(".");
    return relative === "" ? apex : parseName(relative, apex);
  });

const u8 = fc.integer({ min: 0, max: 255 });
const u16 = fc.oneof(fc.integer({ min: 0, max: 65_535 }), fc.constantFrom(0, 1, 65_535));
const u32 = fc.oneof(fc.integer({ min: 0, max: 4_294_967_295 }), fc.constantFrom(0, 1, 2_147_483_648, 4_294_967_295));
const hex = (octets: number) =>
  fc
    .uint8Array({ minLength: octets, maxLength: octets })
    .map((bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join(""));
const someHex = fc.integer({ min: 1, max: 40 }).chain(hex);

export const ipv4 = fc.tuple(u8, u8, u8, u8).map((octets) => octets.join("."));
export const ipv6 = fc
  .array(fc.oneof(fc.constant(0), fc.constant(0xffff), fc.integer({ min: 0, max: 65_535 })), {
    minLength: 8,
    maxLength: 8,
  })
  .map((groups) => groups.map((group) => group.toString(16)).join(":"));

const quoted = (octets: Uint8Array): string =>
  `"${Array.from(octets, (octet) => `\\${String(octet).padStart(3, "0")}`).join("")}"`;
const text = (max: number) =>
  fc.oneof(
    fc
      .string({ unit: fc.constantFrom(..."abc =;/<>()$@.,'"), maxLength: Math.min(max, 60) })
      .map((chars) => `"${chars}"`),
    fc.uint8Array({ maxLength: Math.min(max, 20) }).map(quoted),
    fc.constant(`"${"t".repeat(max)}"`),
  );
const word = (chars: string, max: number) => fc.string({ unit: pick(chars), minLength: 1, maxLength: max });

const name = anyName;
const angle = (max: number, letters: string) =>
  fc.tuple(fc.integer({ min: 0, max: max * 3_600_000 }), pick(letters)).map(([thousandths, letter]) => {
    const seconds = ((thousandths % 60_000) / 1000).toFixed(3);
    return `${Math.floor(thousandths / 3_600_000)} ${Math.floor(thousandths / 60_000) % 60} ${seconds} ${letter}`;
  });
const size = fc
  .tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }))
  .map(([digit, power]) => `${((digit * 10 ** power) / 100).toFixed(2)}m`);

const svcParams = fc
  .record(
    {
      alpn: fc.array(
        fc.oneof(fc.constantFrom("h2", "h3", "http/1.1"), fc.constantFrom("a,b", "a\\b", "a b;", '"x"(')),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
      noDefault: fc.boolean(),
      port: u16,
      ipv4hint: fc.array(ipv4, { minLength: 1, maxLength: 3 }),
      ech: fc.uint8Array({ minLength: 1, maxLength: 20 }),
      ipv6hint: fc.array(ipv6, { minLength: 1, maxLength: 3 }),
      dohpath: fc.constant("/dns-query{?dns}"),
      key667: fc.uint8Array({ maxLength: 10 }),
      mandatory: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .map((params) => {
    const list = params.alpn?.map((id) => id.replace(/[\\,]/g, "\\$&")).join(",");
    const words = [
      list && `alpn=${quoted(new TextEncoder().encode(list))}`,
      params.noDefault && list && "no-default-alpn",
      params.port !== undefined && `port=${params.port}`,
      params.ipv4hint && `ipv4hint=${params.ipv4hint.join(",")}`,
      params.ech && `ech=${btoa(String.fromCharCode(...params.ech))}`,
      params.ipv6hint && `ipv6hint=${params.ipv6hint.join(",")}`,
      params.dohpath && `dohpath=${params.dohpath}`,
      params.key667 && `key667=${quoted(params.key667)}`,
      params.mandatory && list && "mandatory=alpn",
    ];
    return words.filter(Boolean).join(" ");
  });
const binding = fc.tuple(u16, name, svcParams).map((fields) => fields.join(" "));

const join = (...fields: fc.Arbitrary<string | number>[]) => fc.tuple(...fields).map((values) => values.join(" "));

/** Presentation text of every type with a form of its own; not yet canonical. */
const TEXTS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  SOA: join(name, name, u32, u32, u32, u32, u32),
  NS: name,
  A: ipv4,
  AAAA: ipv6,
  CNAME: name,
  DNAME: name,
  MX: join(u16, name),
  TXT: fc.array(text(300), { minLength: 1, maxLength: 3 }).map((strings) => strings.join(" ")),
  SPF: fc.array(text(255), { minLength: 1, maxLength: 3 }).map((strings) => strings.join(" ")),
  SRV: join(u16, u16, u16, name),
  CAA: join(u8, word("abcXYZ019", 15), text(255)),
  PTR: name,
  NAPTR: join(
    u16,
    u16,
    text(20),
    text(20),
    fc.constantFrom('""', '"!^.*$!sip:info@example.com!"', '"/a(b\\\\.)/\\\\1/i"'),
    name,
  ),
  TLSA: join(u8, u8, u8, someHex),
  SSHFP: fc.oneof(
    join(u8, fc.constant(1), hex(20)),
    join(u8, fc.constant(2), hex(32)),
    join(u8, fc.constant(7), someHex),
  ),
  DS: fc.oneof(
    join(u16, u8, fc.constant(2), hex(32)),
    join(u16, u8, fc.constant(4), hex(48)),
    join(u16, u8, fc.constant(1), hex(20)),
  ),
  SVCB: binding,
  HTTPS: binding,
  LOC: join(
    angle(90, "NS"),
    angle(180, "EW"),
    fc.integer({ min: -10_000_000, max: 4_284_967_295 }).map((cm) => `${(cm / 100).toFixed(2)}m`),
    size,
    size,
    size,
  ),
  URI: join(
    u16,
    u16,
    text(255).filter((value) => value !== '""'),
  ),
  HINFO: join(text(20), text(20)),
  RP: join(name, name),
  AFSDB: join(u16, name),
};

export const KNOWN_TYPES = RDATA_TYPES.map(({ type }) => type);

/** Canonical rdata of a type; generic data for a type without a form of its own. */
export function rdataOf(type: string): fc.Arbitrary<string> {
  const generic = fc
    .uint8Array({ maxLength: 20 })
    .map((bytes) => `\\# ${bytes.length} ${Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("")}`);
  return (TEXTS[type] ?? generic).map((presentation) => parseRdata(type, presentation, "."));
}

const ttl = fc.oneof(fc.constantFrom(300, 3600, 14_400), fc.integer({ min: 0, max: 2_147_483_647 }));

/** Records of any type at any owner in the zone, in any order, duplicates and differing TTLs included. */
export const recordIn = (apex: string): fc.Arbitrary<ZoneRecord> =>
  fc
    .constantFrom(...KNOWN_TYPES, "TYPE65280", "TYPE731")
    .chain((type) => fc.record({ owner: nameIn(apex), ttl, type: fc.constant(type), rdata: rdataOf(type) }));

/** Any zone at all: RRsets that nameservers would refuse are among them. */
export const anyZone = (apex = "example.com."): fc.Arbitrary<Zone> =>
  fc.array(recordIn(apex), { maxLength: 15 }).map((records) => makeZone(apex, records));

/**
 * A zone that every nameserver takes: a SOA, two NS records and records that may stand together. Aliases have owners of their own, and nothing stands
 * below a DNAME or a delegation.
 */
export const soundZone = (apex = "example.com.", size = 20): fc.Arbitrary<Zone> =>
  fc
    .record({ soa: rdataOf("SOA"), records: fc.array(recordIn(apex), { minLength: size / 2, maxLength: size }) })
    .map(({ soa, records }) => {
      const base: ZoneRecord[] = [
        { owner: apex, ttl: 3600, type: "SOA", rdata: soa },
        { owner: apex, ttl: 3600, type: "NS", rdata: "ns1.example.net." },
        { owner: apex, ttl: 3600, type: "NS", rdata: "ns2.example.net." },
      ];
      return makeZone(apex, [...base, ...records.flatMap((record, index) => soundRecord(apex, record, index))]);
    });

/** Gives the types that restrict their surroundings an owner that nothing else has. */
function soundRecord(apex: string, record: ZoneRecord, index: number): ZoneRecord[] {
  const alone = (prefix: string): ZoneRecord => ({ ...record, owner: parseName(`${prefix}-${index}`, apex) });
  switch (record.type) {
    case "SOA":
      return [];
    case "CNAME":
    case "DNAME":
    case "NS":
      return [alone(record.type.toLowerCase())];
    case "DS":
      return [alone("child"), { ...alone("child"), type: "NS", rdata: "ns.example.net." }];
    default:
      return [record];
  }
}
