import { join, type Queryable, type RawQueryable, sql } from "@/lib/db/database";
import { sha256 } from "@/lib/secrets";
import { type Reach, reaches } from "@/lib/sync/reach";
import { type CombinedRole, combinedRole } from "./combined-role";
import { type DnsRole, dnsRole } from "./dns-role";

/** What a member is to this server: whose zones it is sent, and what may come from it. */
export interface MemberReach {
  readonly memberId: number;
  readonly ownerId: number;
  /** Zones that are sent to it, if its role sends. */
  readonly reach: Reach;
  /** Zones that may come from it: all that its owner's cluster is about, whatever its role. */
  readonly accepts: Reach;
  /** Whether newer copies are fetched from it. */
  readonly receives: boolean;
  /** How a reseller's entry stands beside root's; null for root's own. */
  readonly combined: CombinedRole | null;
}

interface Row {
  readonly id: number | bigint;
  readonly ownerId: number | bigint;
  readonly role: string;
  readonly ownerRole: string | null;
  readonly uniqueCluster: boolean | number | null;
  readonly rootRole: string | null;
}

/** Accounts whose zones go to members of their own only, ascending. */
export async function uniqueClusterOwners(db: RawQueryable): Promise<number[]> {
  const users = await db.$queryRaw<{ id: number }[]>(
    sql`SELECT "id" FROM "User" WHERE "uniqueCluster" = TRUE ORDER BY "id"`,
  );
  return users.map(({ id }) => id);
}

/**
 * The reach of every member, or of one. A reseller's entry depends on root's for the same server: the one with the same identity, or, for servers that do not tell
 * theirs, at the same address and port. Of several, one that sends decides.
 */
export async function readReaches(db: RawQueryable, memberId?: number): Promise<Map<number, MemberReach>> {
  const [rows, except] = await Promise.all([
    db.$queryRaw<Row[]>(sql`
      SELECT m."id", m."ownerId", m."role", u."role" AS "ownerRole", u."uniqueCluster",
        CASE WHEN u."role" = 'reseller' THEN (
          SELECT r."role" FROM "Member" r JOIN "User" ru ON ru."id" = r."ownerId" AND ru."role" = 'root' WHERE ${sameServer}
          ORDER BY CASE WHEN r."role" = 'standalone' THEN 1 ELSE 0 END LIMIT 1) END AS "rootRole"
      FROM "Member" m LEFT JOIN "User" u ON u."id" = m."ownerId" WHERE ${memberId === undefined ? sql`1 = 1` : sql`m."id" = ${memberId}`}`),
    uniqueClusterOwners(db),
  ]);
  return new Map(rows.map((row) => [Number(row.id), memberReach(row, except)]));
}

/** `m` and `r` lead to one server; of a hosted service, to one account there. */
const sameServer = sql`r."backend" = m."backend" AND r."account" = m."account" AND (r."serverId" = m."serverId" OR ((r."serverId" IS NULL OR m."serverId" IS NULL)
  AND r."port" = m."port" AND (r."hostname" = m."hostname" OR r."address" = m."address")))`;

/** Members other than `memberId` that lead to the same server, whoever's they are. */
export async function sameServerMembers(db: RawQueryable, memberId: number): Promise<number[]> {
  const rows = await db.$queryRaw<{ id: number | bigint }[]>(sql`
    SELECT r."id" FROM "Member" m JOIN "Member" r ON r."id" <> m."id" AND ${sameServer} WHERE m."id" = ${memberId}`);
  return rows.map(({ id }) => Number(id));
}

function memberReach(row: Row, except: readonly number[]): MemberReach {
  const known = { memberId: Number(row.id), ownerId: Number(row.ownerId) };
  if (row.ownerRole !== "reseller") {
    const shared: Reach = { kind: "shared", except };
    return { ...known, reach: shared, accepts: shared, receives: dnsRole(row.role).receives, combined: null };
  }
  const combined = combinedRole({
    chosen: row.role as DnsRole,
    rootRole: row.rootRole as DnsRole | null,
    uniqueCluster: Boolean(row.uniqueCluster),
  });
  const own: Reach = { kind: "account", ownerId: known.ownerId };
  return {
    ...known,
    reach: combined.sends ? own : { kind: "none" },
    accepts: own,
    receives: combined.receives,
    combined,
  };
}

/** A reach as a condition on the zone `z`. */
export function reachCondition(reach: Reach) {
  switch (reach.kind) {
    case "every":
      return sql`1 = 1`;
    case "shared":
      return reach.except.length === 0 ? sql`1 = 1` : sql`z."ownerId" NOT IN (${join([...reach.except])})`;
    case "account":
      return sql`z."ownerId" = ${reach.ownerId}`;
    case "none":
      return sql`1 = 0`;
  }
}

/** What a target's row remembers of the reach that its cursor was moved with. */
export function reachDigest(reach: Reach): string {
  return sha256(JSON.stringify(reach));
}

/** The targets that zones are to be at, each with its reach: the local nameserver and, while clustering is enabled, the members that zones are sent to. */
export async function targetReaches(
  db: Queryable,
  isClusterEnabled: boolean,
): Promise<readonly { readonly targetId: number; readonly memberId: number | null; readonly reach: Reach }[]> {
  const [targets, members] = await Promise.all([
    db.target.findMany({ where: isClusterEnabled ? {} : { memberId: null }, select: { id: true, memberId: true } }),
    isClusterEnabled ? readReaches(db) : new Map<number, MemberReach>(),
  ]);
  return targets.map(({ id, memberId }) => ({
    targetId: id,
    memberId,
    reach: memberId === null ? { kind: "every" } : (members.get(memberId)?.reach ?? { kind: "none" }),
  }));
}

/** Ids of the targets where a zone of this owner is to be. */
export function targetsFor(targets: Awaited<ReturnType<typeof targetReaches>>, ownerId: number): number[] {
  return targets.filter(({ reach }) => reaches(reach, ownerId)).map(({ targetId }) => targetId);
}
