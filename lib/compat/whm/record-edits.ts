import { z } from "zod";
import type { ZoneChange } from "@/lib/dns/changes";
import { absoluteName, isSubdomain } from "@/lib/dns/name";
import { parseRdata, typeCode, typeName } from "@/lib/dns/rdata/registry";
import type { ZoneRecord } from "@/lib/dns/zone-build";
import { AppError } from "@/lib/errors";
import { rdataText } from "./record-data";

const text = z.union([z.string(), z.number()]).transform(String);
const newRecord = z.object({
  dname: z.string().min(1),
  ttl: z.coerce.number().int().min(0).max(2_147_483_647),
  record_type: z.string().min(1),
  data: z.array(text).min(1).max(1_000),
});
const changedRecord = newRecord.extend({ line_index: z.coerce.number().int().min(0) });

/** `add`, `edit` and `remove` of `mass_edit_dns_zone`, as they came. */
export interface RecordEdits {
  readonly add: readonly string[];
  readonly edit: readonly string[];
  readonly remove: readonly string[];
}

/**
 * Edits by line as changes of records.
 * @param records of the zone that the line numbers belong to, in their order
 * @throws AppError "invalid-input" naming the argument; DnsSyntaxError for data that is none
 */
export function changesOfEdits(apex: string, records: readonly ZoneRecord[], edits: RecordEdits): ZoneChange[] {
  const at = (index: number) => {
    const record = records[index];
    if (!record) throw new AppError("invalid-input", `Line ${index} of the zone holds no record.`);
    return record;
  };
  const removals = edits.remove.map((value) => {
    if (!/^\d{1,9}$/.test(value)) throw new AppError("invalid-input", "“remove” takes the number of a line.");
    return removal(at(Number(value)));
  });
  const changes = edits.edit.flatMap((json) => {
    const wanted = read(changedRecord, json, "edit");
    return replacement(at(wanted.line_index), recordOf(apex, wanted));
  });
  const additions = edits.add.map(
    (json): ZoneChange => ({ kind: "add", ...recordOf(apex, read(newRecord, json, "add")) }),
  );
  return [...removals, ...changes, ...additions];
}

/** What takes a record away, as it was seen. */
export function removal(record: ZoneRecord): ZoneChange {
  return { kind: "remove", ...record, before: { ttl: record.ttl, rdata: record.rdata } };
}

/** What puts a record in the place of another, as that was seen. */
export function replacement(before: ZoneRecord, after: ZoneRecord): ZoneChange[] {
  if (before.owner !== after.owner || before.type !== after.type) return [removal(before), { kind: "add", ...after }];
  return [{ kind: "replace", ...after, before: { ttl: before.ttl, rdata: before.rdata } }];
}

function read<T>(schema: z.ZodType<T>, json: string, argument: string): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new AppError("invalid-input", `“${argument}” takes JSON.`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError("invalid-input", `“${argument}”: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`);
}

function recordOf(apex: string, wanted: z.infer<typeof newRecord>): ZoneRecord {
  const owner = ownerIn(apex, wanted.dname);
  const type = typeName(typeCode(wanted.record_type));
  return { owner, type, ttl: wanted.ttl, rdata: parseRdata(type, rdataText(type, wanted.data), apex) };
}

/** A record's name as WHM's clients write it: relative to the zone unless it ends in a dot. @throws AppError "invalid-input" when it is of another zone */
export function ownerIn(apex: string, name: string): string {
  const owner = absoluteName(name, apex);
  if (!isSubdomain(owner, apex)) throw new AppError("invalid-input", `${owner} is not in this zone.`);
  return owner;
}
