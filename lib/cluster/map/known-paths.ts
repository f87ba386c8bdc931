import { z } from "zod";
import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";
import { type PathMember, type ServerPaths, serverPathsSchema } from "@/lib/drivers/server-paths";
import { backendOf } from "@/lib/members/backends";
import { dnsRole } from "@/lib/members/dns-role";
import { memberName } from "@/lib/members/member-name";
import { readSettings } from "@/lib/settings/settings";
import { readTrusts } from "@/lib/trust/read-trusts";
import type { Member } from "@/prisma/generated/sqlite/client";

/** How many servers hand on what another one said: longer ways are cut, and what goes in a circle ends. */
export const MAX_HANDED_ON = 8;
/** What was said longer ago says nothing of today. */
const FORGOTTEN_MS = 24 * 3_600_000;
/** Receipts that the delay of a link is taken from: those of the latest changes. */
const LATEST_CHANGES = 500;
/** A change that took longer waited for a member that was down, or for a sync. */
const AT_ONCE_MS = 5_000;

const stored = z.array(serverPathsSchema);

/**
 * Every statement on the links of the cluster that is known here: this server's own one first, then what its members said, of themselves and of others.
 * Root's members only: a reseller's are the reseller's affair. Reads the database and asks nobody.
 * @param nameOf what a member of this server is called; by default what others may be told: nobody's account at a hosted service
 */
export async function knownPaths(
  ctx: Context,
  nameOf: (member: Member) => string = nameForOthers,
): Promise<ServerPaths[]> {
  const members = await rootMembers(ctx);
  const [own, answers] = await Promise.all([
    ownPaths(ctx, members, nameOf),
    ctx.db.client.memberPaths.findMany({ where: { memberId: { in: members.map(({ id }) => id) } } }),
  ]);
  const now = ctx.clock.now();
  const heard = answers.flatMap(({ answer, answeredAt }) => {
    const since = answeredAt === null ? 0 : Math.max(0, now - Number(answeredAt));
    return stored
      .parse(JSON.parse(answer))
      .filter((said) => said.handedOn < MAX_HANDED_ON && said.serverId !== own.serverId)
      .map((said) => ({ ...said, ageMs: said.ageMs + since, handedOn: said.handedOn + 1 }))
      .filter(({ ageMs }) => ageMs < FORGOTTEN_MS);
  });
  return [own, ...youngest(heard)];
}

/** Members of root's cluster, by id. */
export async function rootMembers({ db }: Context): Promise<Member[]> {
  const roots = await db.client.user.findMany({ where: { role: "root" }, select: { id: true } });
  return db.client.member.findMany({ where: { ownerId: { in: roots.map(({ id }) => id) } }, orderBy: { id: "asc" } });
}

function youngest(heard: readonly ServerPaths[]): ServerPaths[] {
  const byServer = new Map<string, ServerPaths>();
  for (const said of heard) {
    const key = said.serverId ?? said.hostname;
    const known = byServer.get(key);
    if (!known || said.ageMs < known.ageMs) byServer.set(key, said);
  }
  return [...byServer.values()];
}

function nameForOthers(member: Member): string {
  return backendOf(member.backend).isService ? member.hostname : memberName(member);
}

async function ownPaths(
  ctx: Context,
  members: readonly Member[],
  nameOf: (member: Member) => string,
): Promise<ServerPaths> {
  const [{ serverId, hostname, kind }, delays, trusts] = await Promise.all([
    readSettings(ctx.db.client, "server"),
    acceptedTimes(ctx),
    readTrusts(ctx.db.client, ctx, members),
  ]);
  const entries = members.map(
    (member): PathMember => ({
      hostname: nameOf(member),
      serverId: member.serverId,
      role: dnsRole(member.role).value,
      trust: trusts.get(member.id)?.state ?? null,
      port: member.port,
      acceptedMs: delays.get(member.id) ?? null,
    }),
  );
  return { hostname, serverId, kind, ageMs: 0, handedOn: 0, members: entries };
}

/** By member: the middle of the times from a change to its acceptance, milliseconds, over the latest receipts. What a member had to get when it was added is not counted. */
async function acceptedTimes({ db }: Context): Promise<Map<number, number>> {
  const rows = await db.client.$queryRaw<{ memberId: number | bigint; took: number | bigint }[]>(sql`
    SELECT t."memberId" AS "memberId", d."acceptedAt" - r."createdAt" AS "took"
    FROM "Delivery" d
    JOIN "Revision" r ON r."seq" = d."seq"
    JOIN "Target" t ON t."id" = d."targetId"
    WHERE t."memberId" IS NOT NULL
      AND d."seq" > (SELECT max("value") FROM "ChangeSequence") - ${LATEST_CHANGES}
      AND r."createdAt" >= t."createdAt" AND d."acceptedAt" >= r."createdAt" AND d."acceptedAt" - r."createdAt" < ${AT_ONCE_MS}
    ORDER BY "took"`);
  const times = new Map<number, number[]>();
  for (const { memberId, took } of rows) {
    const known = times.get(Number(memberId));
    if (known) known.push(Number(took));
    else times.set(Number(memberId), [Number(took)]);
  }
  return new Map([...times].map(([id, sorted]) => [id, sorted[Math.floor(sorted.length / 2)] ?? 0]));
}
