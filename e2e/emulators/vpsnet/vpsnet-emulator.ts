import {
  isBasic,
  type ServiceAnswer,
  type ServiceRequest,
  type ServiceServer,
  startServiceServer,
} from "../service-server";

/**
 * A stateful emulator of VPS.NET's DNS service over HTTPS.
 *
 * Modelled on VPS.NET's own public PHP client (version 1.1.6 of 2012): paths that end in `.api10json`, HTTP Basic with e-mail address and key, `domain` and `domain_record` as
 * envelopes, and 422 with pairs of field and problem. It was never compared with the real service, of which no documentation is left: the NS and A records that come with
 * a new zone, and what is refused, are guesses.
 */
export interface VpsnetEmulator extends ServiceServer {
  /** The account's zones by name, without final dot. */
  readonly zones: ReadonlyMap<string, VpsnetZone>;
  /** Names that other accounts hold. */
  readonly elsewhere: Set<string>;
  /** Changes made so far. */
  changes(): number;
}

export interface VpsnetZone {
  readonly id: number;
  readonly name: string;
  readonly records: VpsnetRecord[];
}

export interface VpsnetRecord {
  readonly id: number;
  host: string;
  type: string;
  data: string;
  ttl: number;
  mx_priority: number | null;
}

export interface VpsnetOptions {
  readonly email?: string;
  readonly apiKey?: string;
}

const TYPES = new Set(["a", "aaaa", "cname", "mx", "ns", "txt"]);

class Refusal extends Error {
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

export async function startVpsnetEmulator(options: VpsnetOptions = {}): Promise<VpsnetEmulator> {
  const { email = "dns@example.com", apiKey = "VPSKEY0123456789" } = options;
  const zones = new Map<string, VpsnetZone>();
  const elsewhere = new Set<string>();
  let lastId = 100;
  let changes = 0;

  const put = (zone: VpsnetZone, fields: Partial<VpsnetRecord>): VpsnetRecord => {
    const record = { ...checked({ ...BLANK, ...fields }, zone.records), id: ++lastId };
    zone.records.push(record);
    changes++;
    return record;
  };
  const make = ({ name = "", ip_address = "" }: { name?: string; ip_address?: string }): VpsnetZone => {
    if (zones.has(name) || elsewhere.has(name)) throw new Refusal("name", "has already been taken");
    if (!/^[a-z0-9.-]+$/.test(name)) throw new Refusal("name", "is invalid");
    const zone: VpsnetZone = { id: ++lastId, name, records: [] };
    zones.set(name, zone);
    zone.records.push({
      ...BLANK,
      id: ++lastId,
      type: "soa",
      data: `dns1.vps.net. support.vps.net. 1 3600 600 86400 300`,
    });
    for (const data of ["dns1.vps.net.", "dns2.vps.net."]) put(zone, { type: "ns", data });
    for (const host of ["@", "www"]) put(zone, { type: "a", host, data: ip_address });
    return zone;
  };

  const route = (method: string, path: readonly string[], body: Body): unknown => {
    const [collection, domainId, records, recordId] = path;
    if (collection !== "domains") return undefined;
    if (domainId === undefined)
      return method === "POST"
        ? { domain: summary(make(body.domain ?? {})) }
        : [...zones.values()].map((zone) => ({ domain: summary(zone) }));
    const zone = [...zones.values()].find(({ id }) => id === Number(domainId));
    if (!zone) return undefined;
    if (records === undefined) {
      if (method === "DELETE") {
        zones.delete(zone.name);
        changes++;
      }
      return { domain: summary(zone) };
    }
    if (recordId === undefined)
      return method === "POST"
        ? { domain_record: put(zone, body.domain_record ?? {}) }
        : zone.records.map((record) => ({ domain_record: record }));
    const record = zone.records.find(({ id }) => id === Number(recordId));
    if (!record) return undefined;
    const others = zone.records.filter((other) => other !== record);
    if (method === "PUT")
      Object.assign(record, checked({ ...record, ...body.domain_record }, others), { id: record.id });
    if (method === "DELETE") zone.records.splice(zone.records.indexOf(record), 1);
    if (method !== "GET") changes++;
    return method === "DELETE" ? null : { domain_record: record };
  };

  const answer = ({ method, url, authorization, body }: ServiceRequest): ServiceAnswer => {
    if (!isBasic(authorization, email, apiKey))
      return { status: 401, body: "HTTP Basic: Access denied.\n", type: "text/plain" };
    const path = new URL(url, "https://localhost").pathname;
    if (!path.endsWith(".api10json")) return { status: 404, body: "" };
    try {
      const found = route(
        method,
        path.slice(1, -".api10json".length).split("/"),
        body === "" ? {} : (JSON.parse(body) as Body),
      );
      if (found === undefined) return { status: 404, body: "" };
      return { status: 200, body: found === null ? "" : JSON.stringify(found) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: 422, body: JSON.stringify({ errors: [[error.field, error.message]] }) };
    }
  };

  return Object.assign(await startServiceServer(answer), { zones, elsewhere, changes: () => changes });
}

interface Body {
  readonly domain?: { name?: string; ip_address?: string };
  readonly domain_record?: Partial<VpsnetRecord>;
}

const BLANK = { id: 0, host: "@", type: "", data: "", ttl: 86_400, mx_priority: null };
const summary = ({ id, name }: VpsnetZone) => ({ id, name });

function checked(record: VpsnetRecord, others: readonly VpsnetRecord[]): VpsnetRecord {
  if (!TYPES.has(record.type)) throw new Refusal("type", "is not included in the list");
  if (record.data === "") throw new Refusal("data", "can't be blank");
  const neighbours = others.filter(({ host }) => host === record.host);
  const aliases = neighbours.some(({ type }) => type === "cname");
  if (record.type === "cname" ? neighbours.length > 0 : aliases) throw new Refusal("host", "has a CNAME record");
  return record;
}
