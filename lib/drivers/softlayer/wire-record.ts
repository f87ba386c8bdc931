import { z } from "zod";
import { type HeldRecord, srvPlace } from "@/lib/drivers/records/fit-zone";
import { serviceId } from "@/lib/drivers/records/json-api";
import type { RemoteRecord } from "@/lib/drivers/records/plan-changes";
import { dataOf, hostFrom, rdataFrom } from "@/lib/drivers/records/record-data";

const number = z.coerce.number().int().nullish();

/** A SoftLayer_Dns_Domain_ResourceRecord as it is told; SRV and MX have fields of their own. */
export const wireRecord = z.object({
  id: serviceId,
  host: z.string().nullish(),
  type: z.string(),
  data: z.string().nullish(),
  ttl: number,
  mxPriority: number,
  priority: number,
  weight: number,
  port: number,
  service: z.string().nullish(),
  protocol: z.string().nullish(),
});

export type WireRecord = z.infer<typeof wireRecord>;

/** A record as a template for createObject and editObject. */
export function toWire({ host, type, ttl, rdata }: HeldRecord): Record<string, string | number> {
  const common = { type: type.toLowerCase(), ttl };
  if (type !== "SRV") {
    const { data, preference } = dataOf(type, rdata);
    return { ...common, host, data, ...(preference === undefined ? {} : { mxPriority: preference }) };
  }
  const [priority = 0, weight = 0, port = 0] = rdata.split(" ").slice(0, 3).map(Number);
  const place = srvPlace(host);
  return { ...common, ...place, data: rdata.slice(rdata.lastIndexOf(" ") + 1), priority, weight, port };
}

/** The service that creates and edits records of a type. */
export function serviceOf(type: string): string {
  const own = type === "MX" ? "_MxType" : type === "SRV" ? "_SrvType" : "";
  return `SoftLayer_Dns_Domain_ResourceRecord${own}`;
}

/** What SoftLayer tells as a record; null: its owner lies outside of the zone. */
export function fromWire(wire: WireRecord, apex: string): RemoteRecord | null {
  const type = wire.type.toUpperCase();
  const host = hostFrom(wire.host ?? "@", apex);
  if (host === null) return null;
  const base = { id: wire.id, type, ttl: wire.ttl ?? 0 };
  const data = wire.data ?? "";
  if (type !== "SRV")
    return { ...base, host, rdata: rdataFrom(type, { data, preference: wire.mxPriority ?? undefined }, apex) };
  const text = `${wire.priority ?? 0} ${wire.weight ?? 0} ${wire.port ?? 0} ${data}`;
  return { ...base, host: srvOwner(wire, host), rdata: rdataFrom(type, { data: text }, apex) };
}

/** Clients have written service and protocol with and without their underscores, and some the whole owner as the host as well. */
function srvOwner({ service, protocol }: WireRecord, host: string): string {
  const label = (text: string | null | undefined) => `_${(text ?? "").replace(/^_/, "").toLowerCase()}`;
  const place = `${label(service)}.${label(protocol)}`;
  if (host === "@") return place;
  return host === place || host.startsWith(`${place}.`) ? host : `${place}.${host}`;
}
