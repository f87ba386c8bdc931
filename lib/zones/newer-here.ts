import type { Queryable } from "@/lib/db/database";
import type { StoredZone } from "./zone-row";

/** The copy that stays because it is newer than what a member sent. */
export interface NewerHere {
  readonly name: string;
  readonly status: "newer-here";
  readonly text: string;
  readonly serial: number;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
}

/** @param stored as read in the same transaction */
export async function newerHere(tx: Queryable, { name, seq, serial, updatedAt }: StoredZone): Promise<NewerHere> {
  const { text } = await tx.revision.findUniqueOrThrow({ where: { seq: BigInt(seq) }, select: { text: true } });
  return { name, status: "newer-here", text, serial, updatedAt };
}
