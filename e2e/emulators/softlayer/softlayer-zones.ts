/** A record as SoftLayer tells it. Fields of other types are null. */
export interface SoftlayerRecord {
  readonly id: number;
  readonly domainId: number;
  host: string;
  type: string;
  data: string;
  ttl: number;
  mxPriority: number | null;
  priority: number | null;
  weight: number | null;
  port: number | null;
  service: string | null;
  protocol: string | null;
  refresh: number | null;
  retry: number | null;
  expire: number | null;
  minimum: number | null;
  responsiblePerson: string | null;
}

export interface SoftlayerZone {
  readonly id: number;
  readonly name: string;
  serial: number;
  readonly resourceRecords: SoftlayerRecord[];
}

/** An exception of the application, by its name there. */
export class SoftlayerException extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const TYPES = new Set(["a", "aaaa", "cname", "mx", "ns", "ptr", "spf", "srv", "txt"]);
const NAMESERVERS = ["ns1.softlayer.com.", "ns2.softlayer.com."];
const refuse = (message: string) => new SoftlayerException("SoftLayer_Exception_Public", message);

/** The zones of one account, with the rules that SoftLayer's reference gives for them. Its own serial grows with every change. */
export class SoftlayerZones {
  readonly zones = new Map<number, SoftlayerZone>();
  /** Zones of other accounts: their names are taken. */
  readonly elsewhere = new Set<string>();
  /** Changes made so far. */
  changes = 0;
  private lastId = 1_000;

  /** @param makesDefaults also makes the names and the MX record that older versions of the reference describe */
  constructor(private readonly makesDefaults: boolean) {}

  named(name: string): SoftlayerZone | undefined {
    return [...this.zones.values()].find((zone) => zone.name === name);
  }

  createZone(template: { name?: unknown; resourceRecords?: unknown }): SoftlayerZone {
    const name = String(template.name ?? "").toLowerCase();
    const given = Array.isArray(template.resourceRecords) ? (template.resourceRecords as Fields[]) : [];
    if (name === "" || name.length > 150) throw refuse("Domain names have 1 to 150 characters.");
    if (this.named(name) || this.elsewhere.has(name)) throw refuse(`The domain name ${name} is already in use.`);
    const address = given.find(({ type }) => type === "a" || type === "aaaa");
    if (!address) throw refuse("At least one valid 'A' or 'AAAA' resource record is required to create a domain.");
    const zone: SoftlayerZone = { id: ++this.lastId, name, serial: 2_026_112_000, resourceRecords: [] };
    this.zones.set(zone.id, zone);
    const responsiblePerson = `root.${name}.`;
    this.put(zone, { type: "soa", host: "@", data: NAMESERVERS[0], ttl: 86_400, responsiblePerson, ...TIMERS });
    for (const data of NAMESERVERS) this.put(zone, { type: "ns", host: "@", data, ttl: 86_400 });
    for (const record of given) this.createRecord({ ...record, domainId: zone.id });
    if (this.makesDefaults) {
      for (const host of ["mail", "webmail", "ftp"]) this.put(zone, { ...address, host, ttl: 86_400 });
      this.put(zone, { type: "mx", host: "@", data: `mail.${name}.`, mxPriority: 10, ttl: 86_400 });
    }
    return zone;
  }

  deleteZone(id: number): true {
    this.zone(id);
    this.zones.delete(id);
    this.changes++;
    return true;
  }

  createRecord(template: Fields): SoftlayerRecord {
    const zone = this.zone(Number(template.domainId));
    return this.put(zone, checked(zone, template));
  }

  editRecord(id: number, changes: Fields): true {
    const { zone, record } = this.record(id);
    assertFree(record);
    const others = { ...zone, resourceRecords: zone.resourceRecords.filter((other) => other !== record) };
    Object.assign(record, scrubbed(checked(others, { ...record, ...changes })), { id, domainId: zone.id });
    this.touch(zone);
    return true;
  }

  deleteRecord(id: number): true {
    const { zone, record } = this.record(id);
    assertFree(record);
    zone.resourceRecords.splice(zone.resourceRecords.indexOf(record), 1);
    this.touch(zone);
    return true;
  }

  zone(id: number): SoftlayerZone {
    const zone = this.zones.get(id);
    if (zone) return zone;
    throw new SoftlayerException("SoftLayer_Exception_ObjectNotFound", `Unable to find object with id of '${id}'.`);
  }

  record(id: number): { zone: SoftlayerZone; record: SoftlayerRecord } {
    for (const zone of this.zones.values()) {
      const record = zone.resourceRecords.find((candidate) => candidate.id === id);
      if (record) return { zone, record };
    }
    throw new SoftlayerException("SoftLayer_Exception_ObjectNotFound", `Unable to find object with id of '${id}'.`);
  }

  private put(zone: SoftlayerZone, fields: Fields): SoftlayerRecord {
    const record = { ...BLANK, ...scrubbed(fields), id: ++this.lastId, domainId: zone.id } as SoftlayerRecord;
    zone.resourceRecords.push(record);
    this.touch(zone);
    return record;
  }

  private touch(zone: SoftlayerZone): void {
    zone.serial++;
    this.changes++;
  }
}

export type Fields = { readonly [name: string]: unknown };

const TIMERS = { refresh: 3_600, retry: 300, expire: 604_800, minimum: 3_600 };
const BLANK = {
  ttl: 86_400,
  mxPriority: null,
  priority: null,
  weight: null,
  port: null,
  service: null,
  protocol: null,
  refresh: null,
  retry: null,
  expire: null,
  minimum: null,
  responsiblePerson: null,
};

/** The names of its own nameservers and the SOA cannot be removed or edited. */
function assertFree({ type, data }: SoftlayerRecord): void {
  if (type === "soa" || (type === "ns" && NAMESERVERS.includes(data)))
    throw refuse("SOA records and the nameservers' own NS records cannot be changed.");
}

/** Characters that the reference says are removed from hosts. */
function scrubbed(fields: Fields): Fields {
  return { ...fields, host: String(fields.host ?? "@").replace(/[^A-Za-z0-9@_.*-]/g, "") };
}

function checked(zone: SoftlayerZone, fields: Fields): Fields {
  const type = String(fields.type ?? "").toLowerCase();
  const host = String(fields.host ?? "@");
  const data = String(fields.data ?? "");
  if (!TYPES.has(type)) throw refuse(`${type} is no type of resource record.`);
  if (host.length > 50) throw refuse("Host names have up to 50 characters.");
  if (data === "" || data.length > 255) throw refuse("Record data have 1 to 255 characters.");
  if (type === "srv" && !(fields.service && /^_?(tcp|udp|tls)$/.test(String(fields.protocol))))
    throw refuse("SRV records need a service and one of the protocols tcp, udp and tls.");
  // SRV records are made below their service and protocol, whatever their host.
  const neighbours = zone.resourceRecords.filter((record) => record.host === host && record.type !== "srv");
  if (type === "cname" ? neighbours.length > 0 : type !== "srv" && neighbours.some((record) => record.type === "cname"))
    throw refuse("A CNAME record cannot share its host with another record.");
  if (
    neighbours.some(
      (record) => record.type === type && record.data === data && record.mxPriority === (fields.mxPriority ?? null),
    )
  )
    throw refuse("This resource record exists already.");
  return { ...fields, type, host, data, ttl: Number(fields.ttl ?? 86_400) };
}
