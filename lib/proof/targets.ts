import { z } from "zod";
import { type Queryable, sql } from "@/lib/db/database";
import type { DnsAddress } from "@/lib/drivers/driver";
import { backendOf } from "@/lib/members/backends";
import { heldBack } from "@/lib/members/held";
import { memberName } from "@/lib/members/member-name";
import { targetReaches } from "@/lib/members/reach";
import { readSettings } from "@/lib/settings/settings";
import { type Reach, reaches } from "@/lib/sync/reach";
import type { Hold, TargetFacts } from "./reason";

/** A target as far as the asker may see it. */
export interface ProofTarget extends TargetFacts {
  readonly targetId: number;
  /** null: the local nameserver. */
  readonly memberId: number | null;
  /** "This server", the member's name, or "Nameserver n" of what is not the asker's. */
  readonly label: string;
  /** It is root's, and a reseller asks: of it only what it does with the reseller's zones is theirs to see. */
  readonly isForeign: boolean;
  readonly reach: Reach;
  readonly floorSeq: bigint;
  readonly backlogSeq: bigint;
  readonly seenSeq: bigint;
  /** When it was held, epoch milliseconds. */
  readonly holdSince: number | null;
  /** Where its nameserver says that it answers. */
  readonly addresses: readonly DnsAddress[];
  readonly sweepBeganAt: number | null;
  readonly sweepEndedAt: number | null;
  readonly contentEndedAt: number | null;
}

interface Row {
  readonly id: number | bigint;
  readonly memberId: number | bigint | null;
  readonly floorSeq: bigint;
  readonly backlogSeq: bigint;
  readonly seenSeq: bigint;
  readonly retryAt: bigint;
  readonly error: string | null;
  readonly sweepBeganAt: bigint | null;
  readonly sweepEndedAt: bigint | null;
  readonly contentEndedAt: bigint | null;
  readonly ownerId: number | bigint | null;
  readonly hostname: string | null;
  readonly remoteHostname: string | null;
  readonly backend: string | null;
  readonly username: string | null;
  readonly dnsAddresses: string | null;
  readonly disabledAt: bigint | null;
  readonly disabledReason: string | null;
  readonly pausedAt: bigint | null;
  readonly pausedUntil: bigint | null;
}

const addressList = z.array(z.object({ address: z.string(), port: z.number() }));
const instant = (value: bigint | null) => (value === null ? null : Number(value));

/**
 * The targets that zones are to be at, in the order in which receipts name them: the local nameserver, then members by hostname.
 * @param ownerId whose zones are asked about; null: everybody's. A reseller's targets are those that get their zones, whoever's member it is.
 */
export async function proofTargets(db: Queryable, ownerId: number | null): Promise<ProofTarget[]> {
  const { isEnabled } = await readSettings(db, "cluster");
  const [all, rows] = await Promise.all([
    targetReaches(db, true),
    db.$queryRaw<Row[]>(sql`
      SELECT t."id", t."memberId", t."floorSeq", t."backlogSeq", t."seenSeq", t."retryAt", t."error", t."sweepBeganAt", t."sweepEndedAt", t."contentEndedAt",
        m."ownerId", m."hostname", m."remoteHostname", m."backend", m."username", m."dnsAddresses", m."disabledAt", m."disabledReason", m."pausedAt", m."pausedUntil"
      FROM "Target" t LEFT JOIN "Member" m ON m."id" = t."memberId"
      ORDER BY t."memberId" IS NOT NULL, m."hostname", t."id"`),
  ]);
  const reachOf = new Map(all.map(({ targetId, reach }) => [targetId, reach]));
  const reached = rows.flatMap((row) => {
    const reach = reachOf.get(Number(row.id));
    const isAsked = reach && (ownerId === null ? reach.kind !== "none" : reaches(reach, ownerId));
    return isAsked ? [{ row, reach }] : [];
  });
  return reached.map(({ row, reach }, index) => proofTarget(row, reach, { isEnabled, ownerId, index }));
}

function proofTarget(
  row: Row,
  reach: Reach,
  { isEnabled, ownerId, index }: { isEnabled: boolean; ownerId: number | null; index: number },
): ProofTarget {
  const isLocal = row.memberId === null;
  const addresses = row.dnsAddresses === null ? [] : addressList.parse(JSON.parse(row.dnsAddresses));
  const isForeign = ownerId !== null && (isLocal || Number(row.ownerId) !== ownerId);
  const hasOwnSerials = row.backend !== null && backendOf(row.backend).isService;
  return {
    targetId: Number(row.id),
    memberId: isLocal ? null : Number(row.memberId),
    label: isLocal ? "This server" : isForeign ? `Nameserver ${index + 1}` : nameOf(row),
    isForeign,
    reach,
    floorSeq: row.floorSeq,
    backlogSeq: row.backlogSeq,
    seenSeq: row.seenSeq,
    ...holdOf(row, isEnabled),
    isVerifiable: isLocal || (!hasOwnSerials && addresses.length > 0),
    failure: row.error === null ? null : { words: row.error, retryAt: Number(row.retryAt) },
    addresses,
    sweepBeganAt: instant(row.sweepBeganAt),
    sweepEndedAt: instant(row.sweepEndedAt),
    contentEndedAt: instant(row.contentEndedAt),
  };
}

function nameOf({ backend, username, hostname, remoteHostname }: Row): string {
  const known = { backend: backend ?? "", username: username ?? "", hostname: hostname ?? "" };
  return memberName({ ...known, remoteHostname: remoteHostname ?? "" });
}

type HoldFacts = Pick<ProofTarget, "hold" | "holdWords" | "holdSince" | "holdUntil">;

function holdOf(row: Row, isEnabled: boolean): HoldFacts {
  const { disabledAt, disabledReason, pausedAt, pausedUntil } = row;
  const none = { holdWords: null, holdSince: null, holdUntil: null };
  if (row.memberId === null) return { hold: null, ...none };
  if (!isEnabled) return { hold: "clustering-disabled", ...none };
  const hold: Hold | null = heldBack({ disabledAt, pausedUntil });
  if (hold === "disabled") return { hold, holdWords: disabledReason, holdSince: instant(disabledAt), holdUntil: null };
  return hold === "paused"
    ? { hold, holdWords: null, holdSince: instant(pausedAt), holdUntil: instant(pausedUntil) }
    : { hold, ...none };
}
