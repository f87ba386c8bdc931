import { z } from "zod";

/** What one server says of its own links. */
export interface ServerPaths {
  readonly hostname: string;
  /** Identity of a Zonefleet server; null: it is none, or did not say. */
  readonly serverId: string | null;
  readonly kind: "web-server" | "dns-only" | "unknown";
  /** How long ago it said so when the answer was given, milliseconds: clocks of servers differ. */
  readonly ageMs: number;
  /** How many servers handed it on: 0 for what the answering server says of itself. */
  readonly handedOn: number;
  readonly members: readonly PathMember[];
}

/** The states that `lib/trust` knows. */
const TRUSTS = ["whole", "one-way", "broken", "unknown", "not-required"] as const;

/** A member in the cluster table of another server. */
export interface PathMember {
  readonly hostname: string;
  readonly serverId: string | null;
  /** What the server does towards the member; null: it does not say. */
  readonly role: "standalone" | "sync" | "write-only" | null;
  /** How both halves of the trust between the two are, as the server finds them; null: it does not say. */
  readonly trust: (typeof TRUSTS)[number] | null;
  /** Where the server calls the member, and so where the member's panel is; null: it does not say. */
  readonly port: number | null;
  /** From a change there until the member accepted it, milliseconds, as its latest receipts say; null: none are known. */
  readonly acceptedMs: number | null;
}

/** The same, for what comes from another server or out of the database. */
export const serverPathsSchema: z.ZodType<ServerPaths> = z.object({
  hostname: z.string().max(300),
  serverId: z.string().min(1).max(200).nullable(),
  kind: z.enum(["web-server", "dns-only", "unknown"]).catch("unknown"),
  ageMs: z.number().min(0),
  handedOn: z.number().int().min(0),
  members: z
    .array(
      z.object({
        hostname: z.string().max(300),
        serverId: z.string().min(1).max(200).nullable(),
        role: z.enum(["standalone", "sync", "write-only"]).nullable(),
        // Servers of before do not tell these two, and what later ones may add is not told to this one.
        trust: z.enum(TRUSTS).nullable().catch(null),
        port: z.number().int().min(1).max(65_535).nullable().catch(null),
        acceptedMs: z.number().min(0).nullable(),
      }),
    )
    .max(1_000),
});
