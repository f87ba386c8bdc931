import { checkMembers } from "@/lib/cluster/check-members";
import { endRecoveries } from "@/lib/cluster/end-recoveries";
import { askMembers } from "@/lib/cluster/map/ask-members";
import { probeMembers } from "@/lib/cluster/probe-members";
import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";
import { currentSequence } from "@/lib/db/sequence";
import { isWorkedOn } from "@/lib/members/held";
import { endPauses } from "@/lib/members/pause-members";
import { deliverNotices } from "@/lib/notifications/deliver";
import { warnOfCertificate } from "@/lib/notifications/sources/expiring-certificate";
import { warnOfTokens } from "@/lib/notifications/sources/expiring-tokens";
import { checkDueTrusts } from "@/lib/trust/check";
import { takeBackInterrupted } from "@/lib/trust/interrupted";
import { indexZones } from "@/lib/zones/search-index";
import type { Chore } from "./chores";
import { pullDueMembers } from "./pull-due-members";
import { dropExpired } from "./retention";

/** How often members are asked for their state. */
const CHECK_MS = 60_000;
/** How often members are asked for the links they know. What is n servers away is known here after n times as long. */
const MAP_MS = 60_000;
/** How soon it is noticed that a member is to be read. */
const PULL_MS = 5_000;
/** How soon after a change its records can be searched for. */
const INDEX_MS = 1_000;
const INDEX_SLICE = 200;
/** How often in a row the index waits for a bulk that is still coming in: half a minute. */
const INDEX_WAITS = 30;
const RETENTION_MS = 10 * 60_000;
/** How soon a trust is looked at when something about it changed; otherwise each member has its own, slow time. */
const TRUST_MS = 5_000;
const ORPHANS_MS = 5_000;
/** How soon a pause ends at its time, a disabled member is asked again, and one that caught up is online. */
const HOLD_MS = 1_000;
/** How soon a notice is sent that was raised. */
const NOTICES_MS = 2_000;
/** How often tokens and the certificate are looked at. They are warned of two weeks before. */
const EXPIRY_MS = 60 * 60_000;

/**
 * Everything that the server does by itself beside bringing targets to what is wanted.
 * @param isListening whether members can call this server: before that they would say that their half of the trust is broken
 */
export function serverChores(ctx: Context, isListening = () => true): Chore[] {
  // Only one process has a SQLite database: what another one left unfinished there can be seen to at once.
  const startedAt = ctx.db.provider === "sqlite" ? ctx.clock.now() : 0;
  return [
    { name: "search-index", everyMs: INDEX_MS, run: indexWhenCalm(ctx) },
    { name: "retention", everyMs: RETENTION_MS, run: async () => (await dropExpired(ctx)) > 0 },
    {
      name: "member-status",
      everyMs: CHECK_MS,
      run: async (signal) => {
        await checkMembers(ctx, signal);
        return false;
      },
    },
    {
      name: "cluster-map",
      everyMs: MAP_MS,
      run: async (signal) => {
        await askMembers(ctx, signal);
        return false;
      },
    },
    {
      name: "member-hold",
      everyMs: HOLD_MS,
      run: async (signal) => {
        await endPauses(ctx);
        const hasMore = await probeMembers(ctx, signal);
        await endRecoveries(ctx);
        return hasMore;
      },
    },
    { name: "trust", everyMs: TRUST_MS, run: async (signal) => !isListening() || checkDueTrusts(ctx, signal) },
    {
      name: "trust-tokens",
      everyMs: ORPHANS_MS,
      run: async () => {
        // A start waits for it: whose set-up was interrupted is without a trust.
        if (!isListening()) return true;
        await takeBackInterrupted(ctx, startedAt);
        return false;
      },
    },
    { name: "notices-mail", everyMs: NOTICES_MS, run: (signal) => deliverNotices(ctx, "mail", signal) },
    { name: "notices-webhook", everyMs: NOTICES_MS, run: (signal) => deliverNotices(ctx, "webhook", signal) },
    {
      name: "expiry",
      everyMs: EXPIRY_MS,
      run: async () => {
        await warnOfTokens(ctx);
        await warnOfCertificate(ctx);
        return false;
      },
    },
    { name: "member-pull", everyMs: PULL_MS, run: pullDueMembers(ctx) },
  ];
}

/**
 * Indexes what changed, and lets a bulk come to rest first, while it comes in and while it is sent: its zones are to be served and handed on before they can be
 * searched for, and a zone's index row costs more than anything else that is stored of it.
 */
function indexWhenCalm(ctx: Context): Chore["run"] {
  let head = 0;
  let waits = 0;
  return async () => {
    const before = head;
    head = await currentSequence(ctx.db.client);
    if (waits < INDEX_WAITS && (head - before > INDEX_SLICE || (await isSendingBulk(ctx)))) {
      waits++;
      return false;
    }
    waits = 0;
    return (await indexZones(ctx, INDEX_SLICE)).indexed >= INDEX_SLICE;
  };
}

/** Whether a bulk is being worked off at a target. One that fails does not count: it may do so for days. */
async function isSendingBulk({ db }: Context): Promise<boolean> {
  const [busy] = await db.client.$queryRaw<{ id: number | bigint }[]>(sql`
    SELECT t."id" FROM "Target" t WHERE t."backlogSeq" > t."floorSeq" AND t."attempts" = 0 AND ${isWorkedOn} LIMIT 1`);
  return busy !== undefined;
}
