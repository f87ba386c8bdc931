import { checkMembers } from "@/lib/cluster/check-members";
import { askMembers } from "@/lib/cluster/map/ask-members";
import type { Context } from "@/lib/context";
import { DriverError } from "@/lib/errors";
import { BACKENDS } from "@/lib/members/backends";
import { openMemberDriver } from "@/lib/members/open-driver";
import { recordMemberFailure, recordMemberSuccess } from "@/lib/members/record";
import { readSettings } from "@/lib/settings/settings";
import { checkDueTrusts } from "@/lib/trust/check";
import { takeBackInterrupted } from "@/lib/trust/interrupted";
import { indexZones } from "@/lib/zones/search-index";
import type { Chore } from "./chores";
import { pullFromMember } from "./pull";
import { dropExpired } from "./retention";

/** How often members are asked for newer zones, and for their state. */
const PULL_MS = 60_000;
const CHECK_MS = 60_000;
/** How often members are asked for the links they know. What is n servers away is known here after n times as long. */
const MAP_MS = 60_000;
/** A member is left alone for so many times as long as reading it took: a WHM says only names, so all its zones are fetched to compare them. */
const PULL_REST = 9;
/** How soon after a change its records can be searched for. */
const INDEX_MS = 1_000;
const INDEX_SLICE = 200;
const RETENTION_MS = 10 * 60_000;
/** How soon a trust is looked at when something about it changed; otherwise each member has its own, slow time. */
const TRUST_MS = 5_000;
const ORPHANS_MS = 5_000;

/**
 * Everything that the server does by itself beside bringing targets to what is wanted.
 * @param isListening whether members can call this server: before that they would say that their half of the trust is broken
 */
export function serverChores(ctx: Context, isListening = () => true): Chore[] {
  const restUntil = new Map<number, number>();
  // Only one process has a SQLite database: what another one left unfinished there can be seen to at once.
  const startedAt = ctx.db.provider === "sqlite" ? ctx.clock.now() : 0;
  return [
    {
      name: "search-index",
      everyMs: INDEX_MS,
      run: async () => (await indexZones(ctx, INDEX_SLICE)).indexed >= INDEX_SLICE,
    },
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
    { name: "trust", everyMs: TRUST_MS, run: async (signal) => isListening() && checkDueTrusts(ctx, signal) },
    {
      name: "trust-tokens",
      everyMs: ORPHANS_MS,
      run: async () => {
        if (isListening()) await takeBackInterrupted(ctx, startedAt);
        return false;
      },
    },
    { name: "member-pull", everyMs: 5_000, run: (signal) => pullNext(ctx, restUntil, signal) },
  ];
}

/**
 * Takes newer zones in from the one member that waited longest.
 * @param restUntil members that took long, with the instant (monotonic) until which they are left alone
 */
async function pullNext(ctx: Context, restUntil: Map<number, number>, signal: AbortSignal): Promise<boolean> {
  const { isEnabled } = await readSettings(ctx.db.client, "cluster");
  if (!isEnabled) return false;
  const due = BigInt(ctx.clock.now() - PULL_MS);
  const start = ctx.clock.monotonic();
  for (const [id, until] of restUntil) if (until <= start) restUntil.delete(id);
  const member = await ctx.db.client.member.findFirst({
    where: {
      id: { notIn: [...restUntil.keys()] },
      role: { in: ["standalone", "sync"] },
      backend: { in: BACKENDS.filter(({ isService }) => !isService).map(({ value }) => value) },
      OR: [{ lastPullAt: null }, { lastPullAt: { lt: due } }],
    },
    orderBy: { lastPullAt: { sort: "asc", nulls: "first" } },
  });
  if (!member) return false;
  // Noted before it is tried: a member that fails waits for its next turn and holds up no other.
  await ctx.db.client.member.updateMany({ where: { id: member.id }, data: { lastPullAt: BigInt(ctx.clock.now()) } });
  try {
    await pullFromMember(ctx, member.id, await openMemberDriver(ctx, member), signal);
    await recordMemberSuccess(ctx, member.id);
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    await recordMemberFailure(ctx, member.id, error);
  } finally {
    const end = ctx.clock.monotonic();
    restUntil.set(member.id, end + PULL_REST * (end - start));
  }
  return true;
}
