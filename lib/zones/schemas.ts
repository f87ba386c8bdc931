import { z } from "zod";
import { DnsSyntaxError } from "@/lib/dns/errors";
import { fromUserInput, parseName } from "@/lib/dns/name";
import { MAX_TTL } from "@/lib/dns/ttl";
import { MAX_NAMESERVERS } from "./templates-values";

/** What pages, actions and routes of zones take in. Text is bounded here, so that nothing behind it has to be. */

/** Characters; what the zone file reader takes at most. */
export const MAX_ZONE_TEXT = 32 * 2 ** 20;

function parsed(parse: (text: string) => string) {
  return (text: string, ctx: { addIssue(issue: { code: "custom"; message: string }): void }) => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof DnsSyntaxError)) throw error;
      ctx.addIssue({ code: "custom", message: error.message });
      return z.NEVER;
    }
  };
}

/** A name as a form takes it: Unicode or A-labels, with or without the final dot. Out comes the canonical name. */
export const typedName = z
  .string()
  .max(1_000)
  .transform(parsed((text) => fromUserInput(text)));
/** A canonical name that a page of ours sends back. */
export const zoneName = z
  .string()
  .min(1)
  .max(1_100)
  .transform(parsed((text) => parseName(text.endsWith(".") ? text : `${text}.`)));
export const reason = z.string().trim().max(500, "Keep the reason under 500 characters.").default("");
export const zoneText = z
  .string()
  .max(MAX_ZONE_TEXT, "This is over 32 MiB, more than a zone may have. Split the zone.");

const ttl = z.number().int().min(0).max(MAX_TTL);
const rdata = z.string().min(1).max(400_000);
const owner = z.string().min(1).max(1_100);
const type = z.string().regex(/^[A-Z][A-Z0-9-]{0,20}$/);

/** One staged edit, as lib/dns/changes takes it. */
export const zoneChange = z.object({
  kind: z.enum(["add", "remove", "replace"]),
  owner,
  type,
  ttl,
  rdata,
  before: z.object({ ttl, rdata }).optional(),
});
export const zoneChanges = z.array(zoneChange).max(200_000);

export const zoneListQuery = z.object({
  q: z.string().max(1_000).catch(""),
  page: z.coerce.number().int().min(1).max(1_000_000).catch(1),
  pageSize: z.coerce.number().int().min(1).max(200).catch(50),
  sort: z.enum(["name", "updated", "records", "serial", "deleted"]).catch("name"),
  dir: z.enum(["asc", "desc"]).catch("asc"),
  /** "two": only zones that two servers write. */
  writers: z.enum(["any", "two"]).catch("any"),
  /** "not-everywhere": only zones that are not known to be served everywhere they are to be. */
  served: z.enum(["any", "not-everywhere"]).catch("any"),
  deleted: z.boolean().default(false),
});
/** What `listZones` takes. Anything unreadable in an address falls back to its default. */
export type ZoneListQuery = z.infer<typeof zoneListQuery>;

const address = <S extends z.ZodType>(schema: S) => z.union([z.literal(""), schema]).default("");

const ipv4 = address(z.ipv4("Enter an IPv4 address, such as 192.0.2.10, or leave it empty."));

export const templateZone = z.object({
  name: typedName,
  templateId: z.coerce.number().int().min(0),
  ip: ipv4,
  ipv6: address(z.ipv6("Enter an IPv6 address, such as 2001:db8::10, or leave it empty.")),
  nameservers: z.array(typedName).max(MAX_NAMESERVERS),
  glue: z.array(ipv4).max(MAX_NAMESERVERS).default([]),
});
export type TemplateZone = z.infer<typeof templateZone>;

export const saveTemplate = z.object({
  id: z.number().int().min(0),
  name: z.string().trim().min(1, "Give the template a name.").max(80),
  text: z.string().min(1, "A template needs at least an SOA and an NS record.").max(200_000),
  isDefault: z.boolean(),
});

export const importFile = z.object({
  fileName: z.string().max(500),
  /** One character more than a zone may have: that is then said of this file, not of all that came with it. */
  text: z.string().max(MAX_ZONE_TEXT + 1),
  /** Given when the file does not say its zone and the person typed it. */
  name: typedName.optional(),
  onExisting: z.enum(["skip", "replace"]),
  /** Add the zone although a member has one of that name. */
  isAnyway: z.boolean().default(false),
});
export type ImportFile = z.output<typeof importFile>;

/** A revision's number in an address. */
export const revisionNumber = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
