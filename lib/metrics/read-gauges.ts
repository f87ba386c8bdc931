import type { Context } from "@/lib/context";
import { type Queryable, sql } from "@/lib/db/database";
import { currentSequence } from "@/lib/db/sequence";
import { heldBack } from "@/lib/members/held";
import { isHeld, type MemberStatus } from "@/lib/members/member-status";
import { memberView } from "@/lib/members/member-view";
import { targetReaches } from "@/lib/members/reach";
import { countSetAside, countWaiting } from "@/lib/members/waiting";
import { readSettings } from "@/lib/settings/settings";
import type { Sample } from "./gauges";
import { oldestWaiting } from "./oldest-waiting";

type Figure = number | bigint;

/**
 * The state of the server as samples. Bounded work at any size: rows of members and targets, ranges of the change sequence that are open, and what went wrong; zones that are as they should
 * be are not read.
 */
export async function readGauges(ctx: Pick<Context, "db" | "clock">): Promise<Sample[]> {
  const [members, delivery, problems, notices] = await Promise.all([
    memberSamples(ctx),
    deliverySamples(ctx),
    problemSamples(ctx.db.client),
    noticeSamples(ctx.db.client),
  ]);
  return [...members, ...delivery, ...problems, ...notices];
}

/** What takes milliseconds with 100,000 zones: asked for less often. */
export async function readSlowGauges(ctx: Pick<Context, "db" | "clock">): Promise<Sample[]> {
  const { zone } = ctx.db.client;
  const [present, deleted, bytes] = await Promise.all([
    zone.count({ where: { deletedAt: null } }),
    // Not "is not null", for which SQLite uses no index.
    zone.count({ where: { deletedAt: { gt: 0 }, purgedAt: null } }),
    databaseBytes(ctx),
  ]);
  return [
    { name: "zonefleet_zones", labels: { state: "present" }, value: present },
    { name: "zonefleet_zones", labels: { state: "deleted" }, value: deleted },
    { name: "zonefleet_database_bytes", value: bytes },
  ];
}

async function databaseBytes({ db }: Pick<Context, "db">): Promise<number> {
  const [row] = await db.client.$queryRaw<{ bytes: Figure }[]>(
    db.provider === "sqlite"
      ? sql`SELECT c."page_count" * s."page_size" AS "bytes" FROM pragma_page_count() c, pragma_page_size() s`
      : sql`SELECT pg_database_size(current_database()) AS "bytes"`,
  );
  return Number(row?.bytes ?? 0);
}

/** States of members that answered the last command. */
const ANSWERS: ReadonlySet<MemberStatus["state"]> = new Set(["online", "nameserver-stopped", "catching-up", "slowed"]);

async function memberSamples({ db }: Pick<Context, "db">): Promise<Sample[]> {
  const [cluster, rows] = await Promise.all([
    readSettings(db.client, "cluster"),
    db.client.member.findMany({ orderBy: { id: "asc" } }),
  ]);
  const views = rows.map((row) => memberView(row, cluster));
  const states = new Map<string, number>();
  for (const { status } of views) states.set(status.state, (states.get(status.state) ?? 0) + 1);
  return [
    ...[...states].map(([state, value]): Sample => ({ name: "zonefleet_members", labels: { state }, value })),
    ...views.map(({ id, name, role }): Sample => {
      return { name: "zonefleet_member_info", labels: { member: String(id), host: name, role }, value: 1 };
    }),
    ...views
      .filter(({ status }) => !isHeld(status))
      .map(({ id, status }): Sample => {
        return {
          name: "zonefleet_member_up",
          labels: { member: String(id) },
          value: ANSWERS.has(status.state) ? 1 : 0,
        };
      }),
  ];
}

/** How far nameservers are behind: the local one, and the members that zones are sent to. */
async function deliverySamples({ db, clock }: Pick<Context, "db" | "clock">): Promise<Sample[]> {
  const { isEnabled } = await readSettings(db.client, "cluster");
  const [newest, reaches, rows, held] = await Promise.all([
    currentSequence(db.client),
    targetReaches(db.client, isEnabled),
    db.client.target.findMany(),
    heldMembers(db.client),
  ]);
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  const targets = reaches.flatMap(({ targetId, memberId, reach }) => {
    const row = rowOf.get(targetId);
    return row ? [{ ...row, targetId, memberId, reach, label: memberId === null ? "local" : String(memberId) }] : [];
  });
  const [waiting, setAside] = await Promise.all([
    countWaiting(
      db.client,
      targets.filter(({ memberId }) => memberId === null || !held.has(memberId)),
    ),
    countSetAside(
      db.client,
      targets.map(({ targetId }) => targetId),
    ),
  ]);
  const samples: Sample[] = [
    { name: "zonefleet_change_sequence", value: newest },
    { name: "zonefleet_waiting_zones", value: waiting },
  ];
  for (const target of targets) {
    const { label, targetId, floorSeq, backlogSeq, seenSeq } = target;
    const labels = { member: label };
    const live = Math.max(newest - Number(seenSeq), 0);
    const waitingSince = await oldestWaiting(db.client, target, newest);
    const oldest = waitingSince === null ? 0 : Math.max(clock.now() - waitingSince, 0) / 1_000;
    samples.push(
      { name: "zonefleet_member_behind", labels, value: live + Math.max(Number(backlogSeq - floorSeq), 0) },
      { name: "zonefleet_member_set_aside_zones", labels, value: setAside.get(targetId) ?? 0 },
      { name: "zonefleet_oldest_waiting_seconds", labels, value: oldest },
    );
  }
  return samples;
}

async function heldMembers(db: Queryable): Promise<Set<number>> {
  const members = await db.member.findMany({ select: { id: true, disabledAt: true, pausedUntil: true } });
  return new Set(members.filter((member) => heldBack(member) !== null).map(({ id }) => id));
}

async function problemSamples(db: Queryable): Promise<Sample[]> {
  // As a range, so that rows without a problem are not read.
  const rows = await db.$queryRaw<{ problem: string; n: Figure }[]>(
    sql`SELECT "problem", count(*) AS "n" FROM "ZoneTarget" WHERE "problem" > '' GROUP BY "problem"`,
  );
  return rows.map(({ problem, n }) => ({ name: "zonefleet_problem_zones", labels: { problem }, value: Number(n) }));
}

async function noticeSamples(db: Queryable): Promise<Sample[]> {
  const rows = await db.noticeDelivery.groupBy({
    by: ["channel", "state"],
    // Those that were sent are many, and counted as they are.
    where: { state: { in: ["waiting", "failed", "kept"] } },
    _count: true,
  });
  return rows.map(({ channel, state, _count }) => ({
    ...{ name: "zonefleet_notice_deliveries", labels: { channel, state }, value: _count },
  }));
}
