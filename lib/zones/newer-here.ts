import { type RawQueryable, sql } from "@/lib/db/database";
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
export async function newerHere(tx: RawQueryable, { name, seq, serial, updatedAt }: StoredZone): Promise<NewerHere> {
  const [row] = await tx.$queryRaw<{ text: string }[]>(sql`SELECT "text" FROM "Revision" WHERE "seq" = ${seq}`);
  // The newest revision of a zone is never dropped.
  if (!row) throw new RangeError(`${name} has no revision ${seq}.`);
  const { text } = row;
  return { name, status: "newer-here", text, serial, updatedAt };
}
