import { type Database, join, sql } from "@/lib/db/database";
import type { ReceiptState } from "./receipts";

/** What is stored of a change at a target. */
export interface ReceiptRow {
  readonly id: number | bigint;
  readonly memberId: number | bigint | null;
  readonly hostname: string | null;
  readonly ownerId: number | bigint | null;
  readonly remoteHostname: string | null;
  readonly backend: string | null;
  readonly username: string | null;
  readonly disabledAt: bigint | null;
  readonly disabledReason: string | null;
  readonly pausedAt: bigint | null;
  readonly pausedUntil: bigint | null;
  readonly targetError: string | null;
  readonly targetRetryAt: bigint;
  readonly ackSeq: bigint | null;
  readonly observedSerial: bigint | null;
  readonly observedState: string | null;
  readonly verifySeq: bigint | null;
  readonly observedDetail: string | null;
  readonly failedSeq: bigint | null;
  readonly retryAt: bigint | null;
  readonly error: string | null;
  readonly notes: string | null;
  readonly acceptedAt: bigint | null;
  readonly servedAt: bigint | null;
  /** The newest change of the zone after this one that the target was seen serving. */
  readonly newerServed: bigint | number | null;
  /** JSON; null: of the local nameserver, which says where it answers. */
  readonly dnsAddresses: string | null;
}

/** @param targets ids, at least one */
export function readReceiptRows(
  db: Database,
  targets: readonly number[],
  zoneId: number,
  seq: number,
): Promise<ReceiptRow[]> {
  return db.client.$queryRaw<ReceiptRow[]>(sql`
    SELECT t."id", t."memberId", m."hostname", m."remoteHostname", m."backend", m."username", m."ownerId", m."dnsAddresses", m."disabledAt", m."disabledReason", m."pausedAt", m."pausedUntil",
        t."error" AS "targetError", t."retryAt" AS "targetRetryAt", z."ackSeq", z."observedSerial",
      z."observedState", z."verifySeq", z."observedDetail", z."failedSeq", z."retryAt", z."error", z."notes", d."acceptedAt", d."servedAt",
      (SELECT max(n."seq") FROM "Revision" r JOIN "Delivery" n ON n."seq" = r."seq" AND n."targetId" = t."id"
        WHERE r."zoneId" = ${zoneId} AND r."seq" > ${seq} AND n."servedAt" IS NOT NULL) AS "newerServed"
    FROM "Target" t LEFT JOIN "Member" m ON m."id" = t."memberId"
      LEFT JOIN "ZoneTarget" z ON z."targetId" = t."id" AND z."zoneId" = ${zoneId}
      LEFT JOIN "Delivery" d ON d."targetId" = t."id" AND d."seq" = ${seq}
    WHERE t."id" IN (${join([...targets])})
    ORDER BY t."memberId" IS NOT NULL, m."hostname", t."id"`);
}

/** Its nameserver was asked for all that it can tell of what it acknowledged, and that was not the serial. */
export function isLookedAt({ ackSeq, verifySeq, observedState }: ReceiptRow): boolean {
  return Number(ackSeq ?? 0) > 0 && verifySeq === null && observedState !== null && observedState !== "served";
}

interface Change {
  readonly seq: number;
  readonly serial: number;
  /** The zone's newest change. */
  readonly newestSeq: number;
  readonly isEnabled: boolean;
}

export function stateOf(row: ReceiptRow, { seq, serial, newestSeq, isEnabled }: Change): ReceiptState {
  if (row.servedAt !== null) return "served";
  const acknowledged = Number(row.ackSeq ?? 0);
  if (acknowledged === seq) {
    if (isLookedAt(row)) return "unverified";
    // What a comparison found there was not sent, so nothing tells how long it took.
    const isSeen = row.verifySeq === null && Number(row.observedSerial ?? -1) === serial;
    return isSeen ? "served" : "accepted";
  }
  // What it acknowledged of the newest change may have been voided since: that one is sent again.
  if (acknowledged > seq || (row.acceptedAt !== null && newestSeq > seq)) return "superseded";
  if (row.memberId !== null && !isEnabled) return "paused";
  if (row.disabledAt !== null) return "disabled";
  if (row.pausedUntil !== null) return "maintenance";
  return Number(row.failedSeq ?? 0) === seq ? "set-aside" : "pending";
}

/** Whether DNS can tell that a target serves what it acknowledged, or will. */
export function isProvable(row: ReceiptRow): boolean {
  if (row.dnsAddresses === "[]" || isLookedAt(row)) return false;
  return row.verifySeq !== null || row.observedState === "served" || Number(row.ackSeq ?? 0) === 0;
}
