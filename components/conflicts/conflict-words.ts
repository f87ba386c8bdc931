import type { ConflictRow } from "@/lib/conflicts/queries";

/** Who lost against whom, in a sentence. */
export function conflictSentence({ isOursLost, from }: Pick<ConflictRow, "isOursLost" | "from">): string {
  const other = from ?? "a server of the cluster";
  return isOursLost
    ? `This server’s copy lost against the newer one of ${other}.`
    : `The copy of ${other} lost against this server’s newer one.`;
}

export const SETTLED_WORDS = { restored: "Restored", kept: "Kept as it was" } as const;
