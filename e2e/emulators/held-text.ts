import { absoluteName } from "@/lib/dns/name";
import { parseRdata } from "@/lib/dns/rdata/registry";
import { makeZone, type ZoneRecord } from "@/lib/dns/zone-build";
import { formatZone } from "@/lib/dns/zone-file";

/** A record as an emulated service stores it. */
export interface StoredRecord {
  readonly host: string;
  readonly type: string;
  readonly ttl: number;
  readonly data: string;
  readonly preference?: number | null;
}

/**
 * What a service would serve of a zone, read as a nameserver does, without the SOA and the NS records of the zone itself.
 * @throws Error for a record that no nameserver could serve
 */
export function heldText(name: string, records: readonly StoredRecord[]): string {
  const apex = `${name}.`;
  const isOwn = ({ type, host }: StoredRecord) => type === "soa" || (type === "ns" && host === "@");
  return formatZone(
    makeZone(
      apex,
      records.filter((record) => !isOwn(record)).map((record) => served(record, apex)),
    ),
  );
}

function served({ host, type, ttl, data, preference }: StoredRecord, apex: string): ZoneRecord {
  const upper = type.toUpperCase();
  const text = upper === "MX" ? `${preference} ${data}` : upper === "TXT" || upper === "SPF" ? `"${data}"` : data;
  return { owner: absoluteName(host, apex), type: upper, ttl, rdata: parseRdata(upper, text, apex) };
}
