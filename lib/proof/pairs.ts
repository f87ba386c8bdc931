import { join, type Queryable, sql } from "@/lib/db/database";
import { toUnicode } from "@/lib/dns/name";
import type { DriverErrorKind } from "@/lib/errors";
import { reaches } from "@/lib/sync/reach";
import type { ServedState } from "@/lib/sync/verification";
import type { PairKey } from "./differing";
import { outsideReason, type PairFacts, type Problem, type Reason, reasonOf } from "./reason";
import type { ProofTarget } from "./targets";

/** One zone at one target, as pages show it: what is desired, acknowledged and observed there, each with its time, and the reason where they differ. */
export interface PairView {
  readonly zoneId: number;
  readonly name: string;
  readonly displayName: string;
  readonly targetId: number;
  readonly memberId: number | null;
  readonly label: string;
  readonly isForeign: boolean;
  /** The zone is not deleted. */
  readonly isHere: boolean;
  /** It can be asked again: nothing holds it. */
  readonly isAskable: boolean;
  readonly reason: Reason;
  readonly desired: PairFacts["desired"];
  readonly acknowledged: PairFacts["acknowledged"];
  readonly observed: Omit<NonNullable<PairFacts["observed"]>, "detail"> | null;
  readonly content: PairFacts["content"];
  /** Tries without success; 0: none failed. */
  readonly attempts: number;
}

interface Row {
  readonly zoneId: number | bigint;
  readonly name: string;
  readonly ownerId: number | bigint;
  readonly changeSeq: bigint;
  readonly serial: bigint;
  readonly updatedAt: bigint;
  readonly deletedAt: bigint | null;
  readonly committedAt: bigint | null;
  readonly targetId: number | bigint;
  readonly ackSeq: bigint | null;
  readonly ackSerial: bigint | null;
  readonly ackDigest: string | null;
  readonly ackAt: bigint | null;
  readonly observedSerial: bigint | null;
  readonly observedState: string | null;
  readonly observedDetail: string | null;
  readonly observedAt: bigint | null;
  readonly verifySeq: bigint | null;
  readonly verifyAttempts: number | bigint | null;
  readonly attempts: number | bigint | null;
  readonly retryAt: bigint | null;
  readonly errorKind: string | null;
  readonly error: string | null;
  readonly problem: string | null;
  readonly problemSince: bigint | null;
  readonly contentState: string | null;
  readonly contentAt: bigint | null;
}

/** Reads some pairs (a page of them), in the order of `keys`; those that are gone meanwhile are left out. */
export async function readPairs(
  db: Queryable,
  targets: readonly ProofTarget[],
  keys: readonly PairKey[],
): Promise<PairView[]> {
  if (keys.length === 0) return [];
  const pairs = keys.map(({ zoneId, targetId }) => sql`(CAST(${zoneId} AS INTEGER), CAST(${targetId} AS INTEGER))`);
  const rows = await db.$queryRaw<Row[]>(sql`
    SELECT z."id" AS "zoneId", z."name", z."ownerId", z."changeSeq", z."serial", z."updatedAt", z."deletedAt", r."createdAt" AS "committedAt", k."targetId",
      zt."ackSeq", zt."ackSerial", zt."ackDigest", zt."ackAt", zt."observedSerial", zt."observedState", zt."observedDetail", zt."observedAt",
      zt."verifySeq", zt."verifyAttempts", zt."attempts", zt."retryAt", zt."errorKind", zt."error", zt."problem", zt."problemSince", zt."contentState", zt."contentAt"
    FROM (SELECT "column1" AS "zoneId", "column2" AS "targetId" FROM (VALUES ${join(pairs)}) v) k
      JOIN "Zone" z ON z."id" = k."zoneId" LEFT JOIN "Revision" r ON r."seq" = z."changeSeq"
      LEFT JOIN "ZoneTarget" zt ON zt."zoneId" = z."id" AND zt."targetId" = k."targetId"`);
  const rowOf = new Map(rows.map((row) => [`${row.zoneId} ${row.targetId}`, row]));
  const targetOf = new Map(targets.map((target) => [target.targetId, target]));
  return keys.flatMap(({ zoneId, targetId }) => {
    const row = rowOf.get(`${zoneId} ${targetId}`);
    const target = targetOf.get(targetId);
    return row && target ? [pairView(row, target)] : [];
  });
}

const instant = (value: bigint | null) => (value === null ? null : Number(value));

function pairView(row: Row, target: ProofTarget): PairView {
  const facts = pairFacts(row, target);
  const reason = reasonOf(facts);
  return {
    zoneId: Number(row.zoneId),
    name: row.name,
    displayName: toUnicode(row.name),
    targetId: target.targetId,
    memberId: target.isForeign ? null : target.memberId,
    label: target.label,
    isForeign: target.isForeign,
    isHere: row.deletedAt === null,
    isAskable: target.hold === null || target.isForeign,
    reason: target.isForeign ? outsideReason(reason) : reason,
    desired: facts.desired,
    acknowledged: facts.acknowledged,
    observed: facts.observed && { state: facts.observed.state, serial: facts.observed.serial, at: facts.observed.at },
    content: facts.content,
    attempts: facts.failure?.attempts ?? 0,
  };
}

function pairFacts(row: Row, target: ProofTarget): PairFacts {
  const isReached = reaches(target.reach, Number(row.ownerId));
  const { observedState, contentState, errorKind, retryAt } = row;
  return {
    desired: {
      seq: Number(row.changeSeq),
      serial: Number(row.serial),
      // A tombstone's revision may be gone.
      at: Number(row.committedAt ?? row.deletedAt ?? row.updatedAt),
      isGone: row.deletedAt !== null || !isReached,
    },
    acknowledged:
      row.ackSeq === null
        ? null
        : {
            seq: Number(row.ackSeq),
            serial: instant(row.ackSerial),
            at: instant(row.ackAt),
            isGone: row.ackDigest === "",
          },
    observed:
      observedState === null || row.observedAt === null
        ? null
        : {
            state: observedState as ServedState,
            serial: instant(row.observedSerial),
            detail: row.observedDetail,
            at: Number(row.observedAt),
          },
    content:
      contentState === null || row.contentAt === null
        ? null
        : { state: contentState as NonNullable<PairFacts["content"]>["state"], at: Number(row.contentAt) },
    problem: row.problem as Problem | null,
    problemSince: instant(row.problemSince),
    looks: row.verifySeq === null ? null : Number(row.verifyAttempts ?? 0),
    failure:
      errorKind === null || retryAt === null
        ? null
        : {
            kind: errorKind as DriverErrorKind,
            words: row.error,
            attempts: Number(row.attempts ?? 0),
            retryAt: Number(retryAt),
          },
    target,
  };
}
