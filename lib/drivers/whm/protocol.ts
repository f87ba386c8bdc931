import { createHash } from "node:crypto";
import { z } from "zod";
import { DnsSyntaxError } from "@/lib/dns/errors";
import { parseName } from "@/lib/dns/name";
import type { CopyStamp } from "@/lib/dns/newest";
import { serverPathsSchema } from "@/lib/drivers/server-paths";

/**
 * Words that both ends of the member protocol share: WHM's own commands under /scripts2, and what Zonefleet servers say to each other on top.
 */

/**
 * The version that we answer with where WHM's clients ask for one. They refuse a member whose major version is under 11, and send to old ones by GET
 * what does not fit into a URL; so this is a number of a recent WHM, whose wire format is the one spoken here. It claims no feature: clients ask
 * for those by name, and are told `Unknown app`. Our own version is in `zonefleet_info`.
 */
export const COMPATIBLE_VERSION = "11.110.0.0";

/** Oldest major version that speaks the member protocol. */
export const OLDEST_MAJOR_VERSION = 11;

/** Goes up when a Zonefleet server could no longer understand an older one. */
export const PEER_PROTOCOL = 1;

/** Identity of the calling Zonefleet server; its presence asks for answers as JSON, one outcome a zone. */
export const SERVER_HEADER = "x-zonefleet-server";
/** "newest": the receiver keeps a newer copy and answers with it (Synchronize); "overwrite": it takes what it gets (Write-only). */
export const MODE_HEADER = "x-zonefleet-mode";

export const pushMode = z.enum(["newest", "overwrite"]);
export type PushMode = z.infer<typeof pushMode>;

/** Data of `zonefleet_info`. */
export const zonefleetInfo = z.object({
  protocol: z.number().int().min(1),
  version: z.string().max(100),
  serverId: z.string().min(1).max(200),
  hostname: z.string().max(300),
  kind: z.string().max(50),
  /** Its own addresses, from which it calls. Servers from before reverse trust do not say. */
  addresses: z
    .array(z.union([z.ipv4(), z.ipv6()]))
    .max(64)
    .default([]),
  dnsAddresses: z
    .array(z.object({ address: z.union([z.ipv4(), z.ipv6()]), port: z.number().int().min(1).max(65_535) }))
    .max(64),
});
export type ZonefleetInfo = z.infer<typeof zonefleetInfo>;

/** Words that an answer of `trustclustermaster.cgi` holds when it did what it was asked. */
export const TRUST_ESTABLISHED = "has been established";

/** Data of `cluster_member_has_trust_with`. Zonefleet servers tell each other on top whether the entry works, and why not. */
export const trustReply = z.object({
  has_trust: z.coerce.number(),
  works: z.union([z.literal(0), z.literal(1)]).optional(),
  reason: z.string().max(1_000).optional(),
});

/** Answer to a push of zones from a Zonefleet server. `zone` is without the final dot, as on the wire everywhere. */
export const pushReply = z.object({
  zones: z.array(
    z.discriminatedUnion("status", [
      z.object({ zone: z.string(), status: z.enum(["created", "updated", "unchanged"]) }),
      z.object({ zone: z.string(), status: z.literal("newer-here"), text: z.string(), updatedAt: z.number().min(0) }),
      z.object({ zone: z.string(), status: z.literal("refused"), message: z.string() }),
    ]),
  ),
});
export type PushReply = z.infer<typeof pushReply>;

/** A removal says under this prefix and the zone's name what was deleted, "SERIAL:MILLISECONDS:DIGEST": a newer copy stays, unless the sender does not look. */
const GONE_FIELD = "cpdnsgone-";
const gone = z.tuple([z.coerce.number().int().min(0), z.coerce.number().min(0), z.string().min(1)]);

export function goneField(apex: string, { serial, updatedAt, digest }: CopyStamp): readonly [string, string] {
  return [`${GONE_FIELD}${wireName(apex)}`, `${serial}:${updatedAt}:${digest}`];
}

/** The stamps of a removal's zones, by name; what cannot be read is left out. */
export function goneStamps(
  fields: Iterable<{ readonly name: string; readonly value: string }>,
): Map<string, CopyStamp> {
  const stamps = new Map<string, CopyStamp>();
  for (const { name, value } of fields) {
    const apex = name.startsWith(GONE_FIELD) ? zoneNameOf(name.slice(GONE_FIELD.length)) : undefined;
    const stamp = gone.safeParse(value.split(":"));
    if (apex !== undefined && stamp.success)
      stamps.set(apex, { serial: stamp.data[0], updatedAt: stamp.data[1], digest: stamp.data[2] });
  }
  return stamps;
}

/** A push says under this prefix and the zone's name what its text has to come to, so that half of a zone is not taken for one. Before the zones: what is cut off is the end. */
const SUM_FIELD = "cpdnssum-";

/** @param text as it stands in the zone's field */
export function textSum(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

export function sumField(apex: string, text: string): readonly [string, string] {
  return [`${SUM_FIELD}${wireName(apex)}`, textSum(text)];
}

/** The sums of a push, by the zone's name. WHM's servers send none. */
export function sentSums(fields: Iterable<{ readonly name: string; readonly value: string }>): Map<string, string> {
  const sums = new Map<string, string>();
  for (const { name, value } of fields) {
    const apex = name.startsWith(SUM_FIELD) ? zoneNameOf(name.slice(SUM_FIELD.length)) : undefined;
    if (apex !== undefined) sums.set(apex, value);
  }
  return sums;
}

/** Answer to a removal from a Zonefleet server. */
export const removeReply = z.object({
  zones: z.array(
    z.discriminatedUnion("status", [
      z.object({ zone: z.string(), status: z.enum(["deleted", "absent"]) }),
      z.object({ zone: z.string(), status: z.literal("newer-here"), text: z.string(), updatedAt: z.number().min(0) }),
      z.object({ zone: z.string(), status: z.literal("refused"), message: z.string() }),
    ]),
  ),
});
export type RemoveReply = z.infer<typeof removeReply>;

/** One page of `getzonedigests_local`: rows in the order of their names; `next` is the name to go on after, null at the end. */
export const digestPage = z.object({
  zones: z.array(z.tuple([z.string(), z.number(), z.string(), z.number()])).max(10_000),
  next: z.string().nullable(),
});
/** `[zone, serial, digest, updatedAt]`; arrays, because ten thousand of them are sent at a time. */
export type DigestPage = z.infer<typeof digestPage>;

/** How many servers one answer tells of. */
export const MAX_PATHS = 500;

/** Answer to `getpath_local` from a Zonefleet server: links with their roles, and what it was told by its own members. */
export const pathsReply = z.object({ servers: z.array(serverPathsSchema).max(MAX_PATHS) });

/** A zone's name on the wire: without the final dot. Canonical names hold no comma, pipe or white space, so lists can be made of them. */
export function wireName(apex: string): string {
  return apex.slice(0, -1);
}

/**
 * A zone's name as members send it: any case, perhaps with `.db` at its end (they pass file names). The rest is canonical.
 * @returns undefined for what is no zone name here: empty, a leading dot, `..`, anything with a path in it
 */
export function zoneNameOf(text: string): string | undefined {
  const bare = text.trim().replace(/\.db$/i, "");
  if (bare === "" || bare === "." || bare.startsWith(".") || bare.includes("..")) return undefined;
  try {
    return parseName(bare.endsWith(".") ? bare : `${bare}.`);
  } catch (error) {
    if (error instanceof DnsSyntaxError) return undefined;
    throw error;
  }
}
