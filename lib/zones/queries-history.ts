import type { Actor } from "@/lib/access/actor";
import { authorize, can } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { diffZones, type ZoneDiff } from "@/lib/dns/diff";
import type { Zone } from "@/lib/dns/zone";
import { parseCanonicalZone } from "@/lib/dns/zone-file";
import { AppError } from "@/lib/errors";
import { memberName, NAME_COLUMNS } from "@/lib/members/member-name";
import { readableZone } from "./queries";
import type { StoredZone } from "./zone-row";

/** A revision as history shows it, without its text. */
export interface RevisionRow {
  readonly seq: number;
  readonly serial: number;
  readonly recordCount: number;
  readonly kind: "create" | "edit" | "delete" | "restore" | "import" | "receive" | "move";
  readonly actorName: string;
  readonly reason: string;
  /** The member it came from, for root also a server that is none; "a cluster member" for somebody who may not see members. */
  readonly origin: string | null;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly isCurrent: boolean;
  /** The change set that it is a part of, if the asker may see that. */
  readonly changeSetId: number | null;
}

export interface ZoneHistory {
  readonly revisions: readonly RevisionRow[];
  readonly total: number;
  readonly page: number;
  readonly pageSize: number;
}

const PAGE_SIZE = 50;
const COLUMNS = {
  seq: true,
  serial: true,
  recordCount: true,
  kind: true,
  actorName: true,
  reason: true,
  originMemberId: true,
  writerId: true,
  changeSetId: true,
  createdAt: true,
} as const;

/** Newest first. @throws AppError "not-found" */
export async function zoneHistory(
  ctx: Context,
  actor: Actor,
  input: { name: string; page: number },
): Promise<ZoneHistory> {
  const stored = await readableZone(ctx, actor, input.name);
  const where = { zoneId: stored.id, seq: { gte: readableFrom(actor, stored) } };
  const [total, rows] = await Promise.all([
    ctx.db.client.revision.count({ where }),
    ctx.db.client.revision.findMany({
      where,
      select: COLUMNS,
      orderBy: { seq: "desc" },
      skip: (input.page - 1) * PAGE_SIZE,
      take: PAGE_SIZE,
    }),
  ]);
  const revisions = await describe(ctx, actor, stored, rows);
  return { revisions, total, page: input.page, pageSize: PAGE_SIZE };
}

/** The revisions after `seq`, newest first, at most 50; whether `seq` itself is still kept. @throws AppError "not-found" */
export async function revisionsAfter(
  ctx: Context,
  actor: Actor,
  input: { name: string; seq: number },
): Promise<{ rows: RevisionRow[]; isBaseKept: boolean }> {
  const stored = await readableZone(ctx, actor, input.name);
  const rows = await ctx.db.client.revision.findMany({
    where: { zoneId: stored.id, seq: { gte: BigInt(Math.max(input.seq, Number(readableFrom(actor, stored)))) } },
    select: COLUMNS,
    orderBy: { seq: "desc" },
    take: PAGE_SIZE,
  });
  const described = await describe(ctx, actor, stored, rows);
  return {
    rows: described.filter((row) => row.seq > input.seq),
    isBaseKept: described.some((row) => row.seq === input.seq),
  };
}

/** What a former owner did with the zone is not for the present one to read. */
function readableFrom(actor: Actor, stored: StoredZone): bigint {
  return authorize(actor, "zone.read").ownerId === null ? 0n : BigInt(stored.ownedSinceSeq);
}

type DbRevision = {
  seq: bigint;
  serial: bigint;
  recordCount: number;
  kind: string;
  actorName: string;
  reason: string;
  originMemberId: number | null;
  writerId: number | null;
  changeSetId: number | null;
  createdAt: bigint;
};

async function describe(ctx: Context, actor: Actor, stored: StoredZone, rows: DbRevision[]): Promise<RevisionRow[]> {
  const ids = [...new Set(rows.flatMap((row) => (row.originMemberId === null ? [] : [row.originMemberId])))];
  const { ownerId } = authorize(actor, "zone.read");
  const members =
    ids.length > 0 && can(actor, "cluster.manage")
      ? await ctx.db.client.member.findMany({
          where: { id: { in: ids }, ...(ownerId === null ? {} : { ownerId }) },
          select: { id: true, ...NAME_COLUMNS },
        })
      : [];
  const names = new Map(members.map((member) => [member.id, memberName(member)]));
  const strangers = rows.flatMap(({ originMemberId, writerId }) => (originMemberId === null ? (writerId ?? []) : []));
  const writers =
    strangers.length > 0 && ownerId === null
      ? await ctx.db.client.writer.findMany({ where: { id: { in: [...new Set(strangers)] } } })
      : [];
  const writerNames = new Map(writers.map(({ id, name }) => [id, name]));
  const originOf = ({ originMemberId, writerId }: DbRevision) =>
    originMemberId === null
      ? (writerNames.get(writerId ?? 0) ?? null)
      : (names.get(originMemberId) ?? "a cluster member");
  return rows.map((row) => ({
    seq: Number(row.seq),
    serial: Number(row.serial),
    recordCount: row.recordCount,
    kind: row.kind as RevisionRow["kind"],
    // The name of a user that pushes a zone from a member is the member's own business as well.
    actorName:
      ownerId !== null && row.originMemberId !== null && !names.has(row.originMemberId) ? "cluster" : row.actorName,
    reason: row.reason,
    origin: originOf(row),
    createdAt: Number(row.createdAt),
    isCurrent: Number(row.seq) === stored.seq,
    // What else was moved, and to whom, is root's to know.
    changeSetId: ownerId === null || row.kind !== "move" ? row.changeSetId : null,
  }));
}

/** One revision with its canonical text (empty for a deletion). @throws AppError "not-found" */
export async function getRevision(
  ctx: Context,
  actor: Actor,
  input: { name: string; seq: number },
): Promise<RevisionRow & { text: string }> {
  const stored = await readableZone(ctx, actor, input.name);
  const row = await ctx.db.client.revision.findUnique({
    where: { seq: BigInt(input.seq) },
    select: { ...COLUMNS, text: true, zoneId: true },
  });
  if (!row || row.zoneId !== stored.id || row.seq < readableFrom(actor, stored))
    throw new AppError("not-found", "That revision is not kept any more.");
  const [revision] = await describe(ctx, actor, stored, [row]);
  if (!revision) throw new AppError("not-found", "That revision is not kept any more.");
  return { ...revision, text: row.text };
}

export interface RevisionDiff {
  /** null: there was nothing before (or it is not kept any more). */
  readonly from: RevisionRow | null;
  readonly to: RevisionRow;
  readonly diff: ZoneDiff;
}

/**
 * What changed between two revisions.
 * @param input.from null: the revision before `to`
 * @throws AppError "not-found"
 */
export async function diffRevisions(
  ctx: Context,
  actor: Actor,
  input: { name: string; from: number | null; to: number },
): Promise<RevisionDiff> {
  const to = await getRevision(ctx, actor, { name: input.name, seq: input.to });
  const fromSeq = input.from ?? (await seqBefore(ctx, actor, input.name, input.to));
  const from = fromSeq === null ? null : await getRevision(ctx, actor, { name: input.name, seq: fromSeq });
  const diff = diffZones(zoneOf(input.name, from?.text ?? ""), zoneOf(input.name, to.text));
  return { from: from && withoutText(from), to: withoutText(to), diff };
}

async function seqBefore(ctx: Context, actor: Actor, name: string, seq: number): Promise<number | null> {
  const stored = await readableZone(ctx, actor, name);
  const row = await ctx.db.client.revision.findFirst({
    where: { zoneId: stored.id, seq: { lt: BigInt(seq), gte: readableFrom(actor, stored) } },
    orderBy: { seq: "desc" },
    select: { seq: true },
  });
  return row && Number(row.seq);
}

function zoneOf(apex: string, text: string): Zone {
  return text === "" ? { apex, rrsets: [] } : parseCanonicalZone(text, apex);
}

function withoutText({ text: _, ...row }: RevisionRow & { text: string }): RevisionRow {
  return row;
}
