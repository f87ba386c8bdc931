import { z } from "zod";
import { type HeldRecord, isServicesOwn } from "@/lib/drivers/records/fit-zone";
import { heldElsewhere } from "@/lib/drivers/records/held-elsewhere";
import { createJsonApi, type ServiceConfig, serviceId } from "@/lib/drivers/records/json-api";
import { nameserverAddresses } from "@/lib/drivers/records/nameserver-addresses";
import type { RecordChange } from "@/lib/drivers/records/plan-changes";
import type { RecordService, RemoteZoneRecords } from "@/lib/drivers/records/record-service";
import { DriverError } from "@/lib/errors";
import { softlayerError } from "./api-error";
import { SOFTLAYER_LIMITS } from "./limits";
import { fromWire, serviceOf, toWire, wireRecord } from "./wire-record";

const VERSION = "v3.1";
const DOMAIN = "SoftLayer_Dns_Domain";
const RECORD = "SoftLayer_Dns_Domain_ResourceRecord";

const domain = z.object({
  id: serviceId,
  name: z.string(),
  resourceRecords: z.array(wireRecord).default([]),
});
/** What was made. */
const made = z.object({ id: serviceId });

/** SoftLayer's REST API (IBM Cloud Classic) as it is needed for zones; HTTP Basic with user name and API key. */
export function createSoftlayerService(config: ServiceConfig): RecordService {
  const api = createJsonApi(SOFTLAYER_LIMITS.service, config, softlayerError);

  const get = <T>(path: string, operation: string, schema: z.ZodType<T>, signal: AbortSignal) =>
    api.call({ method: "GET", path: `/rest/${VERSION}/${path}`, operation, schema }, signal);
  const send = <T>(path: string, operation: string, template: object, schema: z.ZodType<T>, signal: AbortSignal) => {
    const body = { parameters: [template] };
    return api.call({ method: "POST", path: `/rest/${VERSION}/${path}`, body, operation, schema }, signal);
  };

  return {
    limits: SOFTLAYER_LIMITS,

    async find(apex, signal) {
      const name = apex.slice(0, -1);
      // Searching by getByDomainName is loose, and a filter may be as well: only the zone of exactly this name is meant.
      const query = new URLSearchParams({
        objectMask: "mask[id,name,resourceRecords]",
        objectFilter: JSON.stringify({ domains: { name: { operation: name } } }),
      });
      const found = await get(`SoftLayer_Account/getDomains.json?${query}`, "getDomains", z.array(domain), signal);
      const exact = found.find((candidate) => candidate.name.toLowerCase() === name);
      return exact ? { id: exact.id, records: ownRecords(exact.resourceRecords, apex) } : null;
    },

    async create(apex, records, signal) {
      // SRV and MX records are made by services of their own, one by one, as everything else that is missing afterwards.
      const resourceRecords = records.filter(({ type }) => type === "A" || type === "AAAA").map(toWire);
      const template = { name: apex.slice(0, -1), serial: 1, resourceRecords };
      try {
        await send(`${DOMAIN}/createObject.json`, "createObject", template, made, signal);
      } catch (error) {
        throw error instanceof DriverError && error.kind === "rejected"
          ? heldElsewhere("SoftLayer", apex, error)
          : error;
      }
    },

    async remove({ id }, signal) {
      assertDone(await get(`${DOMAIN}/${id}/deleteObject.json`, "deleteObject", z.boolean(), signal), "deleteObject");
    },

    change: (zone, change, signal) => changeRecord(zone, change, signal),

    async status(signal) {
      // The cheapest call that needs both the key and the permission to manage DNS.
      const path = "SoftLayer_Account/getDomains.json?objectMask=mask%5Bid%5D&resultLimit=0%2C1";
      await get(path, "getDomains", z.array(z.object({ id: z.unknown() })), signal);
      return { version: VERSION, software: "SoftLayer", dnsAddresses: await nameserverAddresses(config.nameservers) };
    },

    close: () => api.close(),
  };

  async function changeRecord(zone: RemoteZoneRecords, change: RecordChange, signal: AbortSignal): Promise<void> {
    if (change.kind === "remove") {
      const operation = `deleteObject of ${change.before.host} ${change.before.type}`;
      const path = `${RECORD}/${change.before.id}/deleteObject.json`;
      return assertDone(await get(path, operation, z.boolean(), signal), operation);
    }
    const service = serviceOf(change.record.type);
    const template = toWire(change.record);
    if (change.kind === "create") {
      const created = { ...template, domainId: Number(zone.id) };
      await send(`${service}/createObject.json`, describe("createObject", change.record), created, made, signal);
      return;
    }
    const operation = describe("editObject", change.record);
    const path = `${service}/${change.before.id}/editObject.json`;
    assertDone(await send(path, operation, template, z.boolean(), signal), operation);
  }
}

const describe = (method: string, { host, type }: HeldRecord) => `${method} of ${host} ${type}`;

function ownRecords(records: readonly z.infer<typeof wireRecord>[], apex: string) {
  return records.flatMap((wire) => {
    const record = fromWire(wire, apex);
    if (!record || !SOFTLAYER_LIMITS.types.includes(record.type)) return [];
    return isServicesOwn({ type: record.type, owner: record.host === "@" ? apex : record.host }, apex) ? [] : [record];
  });
}

/** Methods say true for done, and false for refused. */
function assertDone(answer: boolean, operation: string): void {
  if (answer) return;
  throw new DriverError(
    "rejected",
    "SoftLayer",
    operation,
    `SoftLayer did not carry out ${operation}, without a reason.`,
  );
}
