import { z } from "zod";
import type { HttpResponse } from "@/lib/drivers/http/http-client";
import { type HeldRecord, isServicesOwn } from "@/lib/drivers/records/fit-zone";
import { heldElsewhere } from "@/lib/drivers/records/held-elsewhere";
import {
  createJsonApi,
  doneAnswer,
  type JsonCall,
  noService,
  parseJson,
  type ServiceConfig,
  serviceId,
} from "@/lib/drivers/records/json-api";
import { nameserverAddresses } from "@/lib/drivers/records/nameserver-addresses";
import type { RemoteRecord } from "@/lib/drivers/records/plan-changes";
import { dataOf, hostFrom, rdataFrom } from "@/lib/drivers/records/record-data";
import type { RecordService } from "@/lib/drivers/records/record-service";
import { DriverError } from "@/lib/errors";
import { VPSNET_LIMITS } from "./limits";

const VERSION = "api10json";
const LIST = "the list of domains";
const number = z.coerce.number().int().nullish();

const domains = z.array(z.object({ domain: z.object({ id: serviceId, name: z.string() }) }));
const records = z.array(
  z.object({
    domain_record: z.object({
      id: serviceId,
      host: z.string().nullish(),
      type: z.string(),
      data: z.string().nullish(),
      ttl: number,
      mx_priority: number,
    }),
  }),
);
type WireRecord = z.infer<typeof records>[number]["domain_record"];

/**
 * VPS.NET's API as its own public PHP client (2012) uses it; HTTP Basic with e-mail address and API key. There is no other documentation, and whether the service
 * still answers is not known. Assumed: owners are relative to the zone with `@` for itself, names in data are whole and end in a dot, and an exact name is
 * found only by listing all domains.
 */
export function createVpsnetService(config: ServiceConfig): RecordService {
  const api = createJsonApi(VPSNET_LIMITS.service, config, refusal);
  const call = <T>(
    method: JsonCall<T>["method"],
    path: string,
    operation: string,
    schema: z.ZodType<T>,
    signal: AbortSignal,
    body?: unknown,
  ) => api.call({ method, path: `/${path}.${VERSION}`, operation, schema, ...(body ? { body } : {}) }, signal);

  return {
    limits: VPSNET_LIMITS,

    async find(apex, signal) {
      const all = await call("GET", "domains", LIST, domains, signal);
      const exact = all.find(({ domain }) => domain.name.toLowerCase() === apex.slice(0, -1));
      if (!exact) return null;
      const found = await call("GET", `domains/${exact.domain.id}/records`, "list of records", records, signal);
      return { id: exact.domain.id, records: found.flatMap(({ domain_record }) => fromWire(domain_record, apex)) };
    },

    async create(apex, wanted, signal) {
      // It makes records of its own for this address; the comparison afterwards corrects them. The client's default where there is none.
      const address =
        wanted.find(({ type, host }) => type === "A" && host === "@") ?? wanted.find(({ type }) => type === "A");
      const domain = { name: apex.slice(0, -1), custom_template: "", ip_address: address?.rdata ?? "127.0.0.1" };
      try {
        const made = await call("POST", "domains", "making the zone", doneAnswer, signal, { domain });
        // Its client reads a bare `false` as a refusal, which comes with status 200.
        if (made === false) throw new DriverError("rejected", "VPS.NET", "making the zone", "VPS.NET gave no reason.");
      } catch (error) {
        throw error instanceof DriverError && error.kind === "rejected" ? heldElsewhere("VPS.NET", apex, error) : error;
      }
    },

    remove: async (zone, signal) => {
      await call("DELETE", `domains/${zone.id}`, "deleting the zone", doneAnswer, signal);
    },

    async change(zone, change, signal) {
      const base = `domains/${zone.id}/records`;
      if (change.kind === "remove") {
        await call("DELETE", `${base}/${change.before.id}`, "deleting a record", doneAnswer, signal);
        return;
      }
      const body = { domain_record: toWire(change.record) };
      const words = `${change.record.host} ${change.record.type}`;
      if (change.kind === "create") await call("POST", base, `adding ${words}`, doneAnswer, signal, body);
      else await call("PUT", `${base}/${change.before.id}`, `changing ${words}`, doneAnswer, signal, body);
    },

    async status(signal) {
      await call("GET", "domains", LIST, domains, signal);
      return { version: VERSION, software: "VPS.NET", dnsAddresses: await nameserverAddresses(config.nameservers) };
    },

    close: () => api.close(),
  };
}

function toWire({ host, type, ttl, rdata }: HeldRecord) {
  const { data, preference } = dataOf(type, rdata);
  return {
    host,
    type: type.toLowerCase(),
    ttl,
    data,
    ...(preference === undefined ? {} : { mx_priority: preference }),
  };
}

function fromWire(wire: WireRecord, apex: string): RemoteRecord[] {
  const type = wire.type.toUpperCase();
  const host = hostFrom(wire.host ?? "", apex);
  if (host === null || !VPSNET_LIMITS.types.includes(type)) return [];
  if (isServicesOwn({ type, owner: host === "@" ? apex : host }, apex)) return [];
  const rdata = rdataFrom(type, { data: wire.data ?? "", preference: wire.mx_priority ?? undefined }, apex);
  return [{ id: wire.id, host, type, ttl: wire.ttl ?? 0, rdata }];
}

const refusals = z.object({ errors: z.array(z.array(z.string())) });

/** 422 comes with pairs of field and problem. */
function refusal({ status, body }: HttpResponse, operation: string): DriverError | undefined {
  if (status === 404 && operation === LIST) return noService("VPS.NET", operation);
  if (status !== 422) return undefined;
  const said = refusals.safeParse(parseJson(body));
  if (!said.success) return undefined;
  const words = said.data.errors
    .map((pair) => pair.join(": "))
    .join("; ")
    .replace(/[\p{C}\s]+/gu, " ")
    .slice(0, 300);
  return new DriverError("rejected", "VPS.NET", operation, `VPS.NET refused ${operation}: ${words}.`);
}
