import type { Database } from "@/lib/db/database";
import { sql } from "@/lib/db/database";
import type { LiveTopic } from "@/lib/live/bus";

type Figure = number | bigint | null;

/** What another process may have written, by topic, as figures that change with it. Few rows each, whatever the number of zones. */
const WRITTEN = sql`
  SELECT 'cluster' AS "topic", count(*) AS "a", sum("failures") AS "b", max("lastAnswerAt") AS "c", max("lastErrorAt") AS "d", sum("trustDueAt") AS "e" FROM "Member"
  UNION ALL SELECT 'members', count("disabledAt"), sum("disabledAt"), count("pausedAt"), sum("pausedAt"), sum("pausedUntil") FROM "Member"
  UNION ALL SELECT 'sync', count(*), max("id"), sum("compared"), sum("plannedAt"), sum("finishedAt") FROM "SyncJob"
  UNION ALL SELECT 'notices', max("id"), sum("attempts"), count("sentAt"), max("sentAt"), sum("nextAt") FROM "NoticeDelivery"
  UNION ALL SELECT 'tokens', count(*), max("id"), max("lastUsedAt"), sum("expiresAt"), NULL FROM "ApiToken"`;

/** The state of what several panels and engines on one database write, to compare. Nothing on SQLite, which one process has to itself. */
export async function writtenElsewhere({ provider, client }: Database): Promise<ReadonlyMap<LiveTopic, string>> {
  if (provider === "sqlite") return new Map();
  const rows = await client.$queryRaw<({ topic: LiveTopic } & Record<"a" | "b" | "c" | "d" | "e", Figure>)[]>(WRITTEN);
  return new Map(rows.map(({ topic, a, b, c, d, e }) => [topic, [a, b, c, d, e].map(String).join(" ")]));
}
