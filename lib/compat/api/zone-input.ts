import { z } from "zod";
import { isSubdomain, parseName } from "@/lib/dns/name";
import { parseRdata, typeCode, typeName } from "@/lib/dns/rdata/registry";
import { MAX_TTL } from "@/lib/dns/ttl";
import { AppError } from "@/lib/errors";
import type { RrsetEdit } from "@/lib/zones/edit-rrsets";
import { reason, zoneName } from "@/lib/zones/schemas";

const KINDS = ["add", "remove", "set"] as const;

const edit = z
  .object({
    op: z.enum(KINDS, `Say one of ${KINDS.join(", ")}.`),
    name: z.string().min(1).max(1_100),
    type: z.string().min(1).max(20),
    ttl: z.number().int().min(0).max(MAX_TTL).optional(),
    records: z.array(z.string().min(1).max(400_000)).max(1_000),
  })
  .refine(({ op, records }) => op === "set" || records.length > 0, {
    path: ["records"],
    message: "Give at least one.",
  });

export const rrsetsBody = z.object({ edits: z.array(edit).min(1, "Give at least one.").max(1_000), reason });

/** A name as the API writes it: without the final dot. */
export const shortName = (name: string): string => (name === "." ? name : name.slice(0, -1));

/** The zone of a call. A text that is no name is no zone here. @throws AppError "invalid-input" */
export function zoneOf(text: string): string {
  const name = zoneName.safeParse(text);
  if (name.success) return name.data;
  throw new AppError("invalid-input", `“${text.slice(0, 100)}” is not a zone name.`);
}

/**
 * An owner's name: whole, with or without the final dot, or @ for the zone itself. Never relative: whether “a.example” in the zone example is a.example or a.example.example
 * would be a guess.
 * @throws AppError "invalid-input" when it is of another zone, DnsSyntaxError
 */
export function ownerOf(text: string, apex: string): string {
  const owner = text === "@" ? apex : parseName(text.endsWith(".") ? text : `${text}.`);
  if (isSubdomain(owner, apex)) return owner;
  const words = `“${text.slice(0, 100)}” is not a name in the zone ${shortName(apex)}. Write the whole name, such as www.${apex}`;
  throw new AppError("invalid-input", words);
}

export const typeOf = (text: string): string => typeName(typeCode(text));

/** Data as zone files have it. @throws AppError "invalid-input", DnsSyntaxError */
export function rrsetEdit({ op, name, type: typeText, ttl, records }: z.infer<typeof edit>, apex: string): RrsetEdit {
  const type = typeOf(typeText);
  return {
    kind: op,
    owner: ownerOf(name, apex),
    type,
    ttl,
    rdatas: records.map((text) => parseRdata(type, text, apex)),
  };
}
