import type { Member } from "@/prisma/generated/sqlite/client";

/** Names one continuous failure of a member: what is told of its begin and of its end goes by it. */
export function episodeOf({ id, firstFailureAt }: Pick<Member, "id" | "firstFailureAt">): string {
  return `member:${id}:${firstFailureAt ?? 0}`;
}

/** A row whose episode is over. */
export const NO_EPISODE = {
  ...{ failures: 0, firstFailureAt: null, lastFailureAt: null },
  ...{ episodeDisabledAt: null, disabledAt: null, disabledKind: null, disabledReason: null },
  ...{ probeAt: null, probes: 0, recoveringAt: null },
  pullErrorKind: null,
} as const;
