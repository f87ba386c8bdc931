import type { StatusKind } from "@/components/ui/status";
import type { MapServer } from "@/lib/cluster/map/cluster-map";
import type { MapMember } from "@/lib/cluster/map/get-map";

export interface ServerState {
  readonly kind: StatusKind;
  readonly words: string;
  /** Why, where there is a reason. */
  readonly reason?: string;
  /** Since when, or when: epoch milliseconds. */
  readonly at?: number;
}

export const KIND_WORDS: Readonly<Record<MapServer["kind"], string>> = {
  "web-server": "Web server",
  "dns-only": "Nameserver",
  unknown: "Not told",
};

/**
 * What is known of a server, and from whom.
 * @param member its entry in this server's cluster table, if it has one
 * @param now epoch milliseconds
 */
export function serverState(
  server: MapServer,
  { self, member, now }: { self: string; member: MapMember | undefined; now: number },
): ServerState {
  if (server.key === self) return { kind: "ok", words: "This server" };
  if (!member) {
    return server.ageMs === null
      ? { kind: "unknown", words: "Named by others" }
      : { kind: "partial", words: "Told by others", at: now - server.ageMs };
  }
  const { askedAt, answeredAt, error, held } = member;
  if (held?.why === "disabled")
    return { kind: "error", words: "Disabled", at: held.since, reason: "It is not asked until it is enabled." };
  if (held) return { kind: "paused", words: "Paused", at: held.since };
  if (askedAt === null) return { kind: "waiting", words: "Not asked yet" };
  if (error === null) return { kind: "ok", words: "Answered", at: answeredAt ?? askedAt };
  if (answeredAt === null) return { kind: "error", words: "Never answered", reason: error };
  return { kind: "error", words: "Did not answer since", reason: error, at: answeredAt };
}
