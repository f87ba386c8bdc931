import type { ZoneChange } from "@/lib/dns/changes";
import { typeCode, typeName } from "@/lib/dns/rdata/registry";
import { parseTtl } from "@/lib/dns/ttl";
import { type ZoneRecord, zoneRecords } from "@/lib/dns/zone-build";
import { wireName } from "@/lib/drivers/whm/protocol";
import { AppError } from "@/lib/errors";
import { readSettings } from "@/lib/settings/settings";
import { getZone, type ZoneView } from "@/lib/zones/queries";
import { resetZone } from "@/lib/zones/reset";
import { editZone } from "@/lib/zones/service";
import type { ApiFunction } from "../api-function";
import type { Call } from "../call";
import type { Form } from "../form";
import { ownerIn, removal, replacement } from "../record-edits";
import { rdataOfFields, wireRecord } from "../record-fields";

/**
 * Records by line. A line is a record of the canonical text: `Line` counts from 1 as WHM's does, and is `line_index` of `parse_dns_zone` plus one. It
 * belongs to the zone as it was dumped; WHM's functions carry no serial, so whoever wants to be sure uses `mass_edit_dns_zone`, which asks for one.
 */

/** WHM names the zone by `domain` in some of these functions and by `zone` in others: all of them take both. */
function zoneOf(form: Form): string {
  return form.zoneName(form.get("zone") === undefined ? "domain" : "zone");
}

const openZone = ({ server, actor, form }: Call): Promise<ZoneView> => getZone(server, actor, zoneOf(form));

const dumpzone: ApiFunction = async (call) => {
  const { zone } = await openZone(call);
  const record = Array.from(zoneRecords(zone), (one, index) => wireRecord(one, index + 1));
  return { data: { zone: [{ record }] } };
};

const getzonerecord: ApiFunction = async (call) => {
  const { record, line } = recordAtLine(call.form, await openZone(call));
  return { data: { record: [wireRecord(record, line)] } };
};

const addzonerecord: ApiFunction = async (call) => {
  const { form, server } = call;
  const view = await openZone(call);
  assertInternet(form);
  const type = typeOf(form.required("type"));
  const given = form.get("ttl");
  const ttl = given === undefined ? (await readSettings(server.db.client, "zones")).defaultTtl : parseTtl(given);
  const rdata = rdataOfFields(type, view.name, (name) => form.get(name), null);
  await change(call, view, "addzonerecord", [
    { kind: "add", owner: ownerIn(view.name, form.get("name") ?? "@"), type, ttl, rdata },
  ]);
  return {};
};

/** What is not given stays as it is, unless the type changes: then every field is needed. */
const editzonerecord: ApiFunction = async (call) => {
  const { form } = call;
  const view = await openZone(call);
  assertInternet(form);
  const { record: before } = recordAtLine(form, view);
  const [name, ttl] = [form.get("name"), form.get("ttl")];
  const type = typeOf(form.get("type") ?? before.type);
  const after: ZoneRecord = {
    owner: name === undefined ? before.owner : ownerIn(view.name, name),
    ttl: ttl === undefined ? before.ttl : parseTtl(ttl),
    type,
    rdata: rdataOfFields(type, view.name, (field) => form.get(field), type === before.type ? before.rdata : null),
  };
  await change(call, view, "editzonerecord", replacement(before, after));
  return {};
};

const removezonerecord: ApiFunction = async (call) => {
  const view = await openZone(call);
  await change(call, view, "removezonerecord", [removal(recordAtLine(call.form, view).record)]);
  return {};
};

const resetzone: ApiFunction = async ({ server, actor, form }) => {
  const name = zoneOf(form);
  await resetZone(server, actor, { name, reason: "resetzone" });
  return { output: `Zone ${wireName(name)} has been reset\n` };
};

function change({ server, actor }: Call, { name, seq }: ZoneView, reason: string, changes: readonly ZoneChange[]) {
  return editZone(server, actor, { name, changes, baseSeq: seq, reason });
}

function recordAtLine(form: Form, { zone }: ZoneView): { record: ZoneRecord; line: number } {
  const text = form.get("line") ?? form.required("Line");
  const line = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  const record = line === 0 ? undefined : [...zoneRecords(zone)][line - 1];
  if (!record) throw new AppError("invalid-input", `Line ${text.slice(0, 20)} of the zone holds no record.`);
  return { record, line };
}

function typeOf(text: string): string {
  return typeName(typeCode(text));
}

function assertInternet(form: Form): void {
  const given = form.get("class");
  if (given !== undefined && given.toUpperCase() !== "IN")
    throw new AppError("invalid-input", "Only records of class IN are kept here.");
}

export const recordFunctions = {
  dumpzone,
  getzonerecord,
  addzonerecord,
  editzonerecord,
  removezonerecord,
  resetzone,
} satisfies Record<string, ApiFunction>;
