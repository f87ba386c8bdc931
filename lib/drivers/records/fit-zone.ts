import { relativeName } from "@/lib/dns/name";
import type { Zone } from "@/lib/dns/zone";
import { type ZoneRecord, zoneRecords } from "@/lib/dns/zone-build";
import { joinedText } from "./record-data";
import { listWords, type RecordLimits } from "./record-limits";

/** A record as a service stores it. */
export interface HeldRecord {
  /** Relative to the zone, `@` for the zone itself. */
  readonly host: string;
  /** Upper case. */
  readonly type: string;
  /** Seconds. */
  readonly ttl: number;
  /** Canonical, names absolute. */
  readonly rdata: string;
}

export interface FittedZone {
  readonly records: readonly HeldRecord[];
  /** What is left out or changed, and why: sentences for people. */
  readonly notes: readonly string[];
  /** What is never sent, of any zone: a sentence as well. */
  readonly own: string;
  /** Why the service cannot hold the zone at all; null: it can. */
  readonly refusal: string | null;
  /** Why the service would not make the zone, should it not hold it yet; null: it would. */
  readonly obstacle: string | null;
}

/** Names are listed up to here; a zone may have thousands. */
const NAMED = 4;

/** Labels that a service's own scrubbing leaves as they are. */
const HOST = /^(?:@|[a-z0-9_*-]+(?:\.[a-z0-9_*-]+)*)$/;
const ZONE = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+$/;
const TARGET = /^(?:\.|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.)$/;

/** How one record comes out: as it is, changed with a note, or left out with a reason. */
type Fit = { readonly record: HeldRecord; readonly notes: readonly string[] } | { readonly reason: string };

type FittedData = { readonly rdata: string; readonly note?: string } | { readonly reason: string };

/**
 * The part of a zone that a service can hold, and what is said about the rest. Pure: the same for the page that asks beforehand and the driver that sends.
 */
export function fitZone(zone: Zone, limits: RecordLimits): FittedZone {
  const records = new Map<string, HeldRecord>();
  const remarks = new Map<string, string[]>();
  const remark = (text: string, record: ZoneRecord) => {
    const named = `${record.owner} ${record.type}`;
    const alike = remarks.get(text);
    if (alike) alike.push(named);
    else remarks.set(text, [named]);
  };
  for (const record of zoneRecords(zone)) {
    if (isServicesOwn(record, zone.apex)) continue;
    const fit = fitRecord(record, zone.apex, limits);
    if ("reason" in fit) remark(fit.reason, record);
    else {
      // Two texts of different strings may become one.
      records.set(`${fit.record.host} ${fit.record.type} ${fit.record.rdata}`, fit.record);
      for (const note of fit.notes) remark(note, record);
    }
  }
  const own = `The SOA record and the NS records of the zone itself are ${limits.service}'s own.`;
  const notes = [...remarks].map(([text, named]) => `${text}: ${nameWords(named)}.`);
  const held = [...records.values()];
  return { records: held, notes, own, refusal: zoneRefusal(zone, limits), obstacle: makingObstacle(held, limits) };
}

/** SOA, and NS at the apex: every service keeps its own there. */
export function isServicesOwn(
  { type, owner }: { readonly type: string; readonly owner: string },
  apex: string,
): boolean {
  return type === "SOA" || (type === "NS" && owner === apex);
}

function makingObstacle(records: readonly HeldRecord[], { service, needsAddress }: RecordLimits): string | null {
  if (!needsAddress || records.some(({ type }) => type === "A" || type === "AAAA")) return null;
  return `${service} makes a zone only with at least one A or AAAA record, and this one has none that it can hold.`;
}

function zoneRefusal({ apex }: Zone, { service, maxZoneName }: RecordLimits): string | null {
  if (/\.(?:in-addr|ip6)\.arpa\.$/.test(apex))
    return `${service} takes no reverse zones: reverse names belong to the networks of an account there.`;
  if (!ZONE.test(apex)) return `${service} takes no zone names with characters other than letters, digits and hyphens.`;
  return apex.length - 1 > maxZoneName
    ? `${service} takes zone names of up to ${maxZoneName} characters; this one has ${apex.length - 1}.`
    : null;
}

function fitRecord(record: ZoneRecord, apex: string, limits: RecordLimits): Fit {
  const { service, types, maxHost } = limits;
  const host = relativeName(record.owner, apex);
  if (!types.includes(record.type)) return { reason: `Left out, as ${service} holds no ${record.type} records` };
  if (!HOST.test(host)) return { reason: `Left out, as ${service} takes no such characters in names` };
  if (record.type === "SRV") {
    const reason = srvReason(host, limits);
    if (reason) return { reason };
  }
  const stored = record.type === "SRV" ? srvPlace(host).host : host;
  if (stored.length > maxHost)
    return { reason: `Left out, as ${service} takes names of up to ${maxHost} characters in front of the zone` };
  const fit = fitData(record, limits);
  if ("reason" in fit) return fit;
  const ttl = Math.min(Math.max(record.ttl, limits.minTtl), limits.maxTtl);
  const notes = fit.note ? [fit.note] : [];
  if (ttl !== record.ttl) {
    const missing = ttl > record.ttl ? "shorter" : "longer";
    notes.push(`Sent with a TTL of ${ttl} seconds, as ${service} takes no ${missing} one`);
  }
  return { record: { host, type: record.type, ttl, rdata: fit.rdata }, notes };
}

function fitData({ type, rdata }: ZoneRecord, { service, maxData }: RecordLimits): FittedData {
  if (type === "TXT" || type === "SPF") return fitText(rdata, service, maxData);
  const [target = ""] = rdata.split(" ").slice(-1);
  if (type !== "A" && type !== "AAAA" && !TARGET.test(target))
    return { reason: `Left out, as ${service} takes no such characters in names` };
  return target.length > maxData
    ? { reason: `Left out, as ${service} takes data of up to ${maxData} characters` }
    : { rdata };
}

/**
 * Services take a text bare: what they make of quotes and backslashes, with which a zone file would write the others, none of them documents and no client of theirs
 * escapes. A text that could come out as another one is not sent.
 */
function fitText(rdata: string, service: string, maxData: number): FittedData {
  const text = joinedText(rdata);
  if (text === "") return { reason: `Left out, as ${service} takes no empty text` };
  if (/[^\x20-\x7e]/.test(text)) return { reason: `Left out, as ${service} takes plain ASCII in texts` };
  if (/["\\]/.test(text))
    return { reason: `Left out, as what ${service} makes of quotes and backslashes in texts is not known` };
  if (text.length > maxData)
    return { reason: `Left out, as ${service} takes texts of up to ${maxData} characters, all strings together` };
  const joined = `"${text}"`;
  return joined === rdata ? { rdata } : { rdata: joined, note: "Sent as one string instead of several" };
}

/** Where a service stores an SRV record: `_service._protocol` apart from the name below it. */
export function srvPlace(host: string): { service: string; protocol: string; host: string } {
  const [service = "", protocol = "", ...rest] = host.split(".");
  return { service, protocol, host: rest.join(".") || "@" };
}

function srvReason(host: string, { service, srvProtocols }: RecordLimits): string | undefined {
  const place = srvPlace(host);
  if (!/^_[a-z0-9-]+$/.test(place.service) || !place.protocol.startsWith("_"))
    return `Left out, as ${service} takes SRV records only at names such as _sip._tcp`;
  if (!srvProtocols.includes(place.protocol.slice(1)))
    return `Left out, as ${service} takes SRV records for ${listWords(srvProtocols)} only`;
  return undefined;
}

function nameWords(names: readonly string[]): string {
  const unique = [...new Set(names)];
  const more = unique.length - NAMED;
  return more > 0 ? `${unique.slice(0, NAMED).join(", ")} and ${more} more` : listWords(unique);
}
