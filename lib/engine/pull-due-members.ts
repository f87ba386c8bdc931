import type { Context } from "@/lib/context";
import { DriverError } from "@/lib/errors";
import { logger } from "@/lib/logger";
import { BACKENDS } from "@/lib/members/backends";
import { WORKING } from "@/lib/members/held";
import type { MemberRecord } from "@/lib/members/member-row";
import { openMemberDriver } from "@/lib/members/open-driver";
import { recordPull } from "@/lib/members/record";
import { readSettings } from "@/lib/settings/settings";
import type { Chore } from "./chores";
import { pullFromMember } from "./pull";

const log = logger("engine");

/** How often a member is asked for newer zones. */
const EVERY_MS = 60_000;
/** A member is left alone for so many times as long as reading it took: a WHM says only names, so all its zones are fetched to compare them. */
const REST = 9;
/** Members read at a time. Those that failed the last time take their turns among themselves: each may keep its place until a time-out. */
const AT_ONCE = { steady: 2, failing: 4 } as const;
type Turn = keyof typeof AT_ONCE;
/** While some are being read, how soon it is noticed that another one is due. */
const LOOK_MS = 5_000;

/** A chore that takes newer zones in from every member that is due, and goes on until none is. */
export function pullDueMembers(ctx: Context): Chore["run"] {
  /** Members that took long, with the instant (monotonic) until which they are left alone. */
  const restUntil = new Map<number, number>();
  return async (signal) => {
    const underWay: Readonly<Record<Turn, Map<number, Promise<void>>>> = { steady: new Map(), failing: new Map() };
    const begin = (turn: Turn, member: MemberRecord) => {
      const work = pull(ctx, member, restUntil, signal).finally(() => underWay[turn].delete(member.id));
      underWay[turn].set(member.id, work);
    };
    for (;;) {
      for (const turn of ["steady", "failing"] as const) {
        const free = signal.aborted ? 0 : AT_ONCE[turn] - underWay[turn].size;
        if (free <= 0) continue;
        const resting = restingMembers(ctx, restUntil);
        const busy = [...underWay.steady.keys(), ...underWay.failing.keys()];
        for (const member of await dueMembers(ctx, turn, [...resting, ...busy], free)) begin(turn, member);
      }
      const works = [...underWay.steady.values(), ...underWay.failing.values()];
      if (works.length === 0) return false;
      await firstOf(works, LOOK_MS);
    }
  };
}

function restingMembers({ clock }: Context, restUntil: Map<number, number>): number[] {
  const now = clock.monotonic();
  for (const [id, until] of restUntil) if (until <= now) restUntil.delete(id);
  return [...restUntil.keys()];
}

/** Those that waited longest. */
async function dueMembers(ctx: Context, turn: Turn, except: readonly number[], most: number): Promise<MemberRecord[]> {
  const { isEnabled } = await readSettings(ctx.db.client, "cluster");
  if (!isEnabled) return [];
  const due = BigInt(ctx.clock.now() - EVERY_MS);
  const isSteady = { failures: 0, pullErrorKind: null };
  return ctx.db.client.member.findMany({
    where: {
      ...WORKING,
      id: { notIn: [...except] },
      role: { in: ["standalone", "sync"] },
      backend: { in: BACKENDS.filter(({ isService }) => !isService).map(({ value }) => value) },
      AND: [
        { OR: [{ lastPullAt: null }, { lastPullAt: { lt: due } }] },
        turn === "steady" ? isSteady : { NOT: isSteady },
      ],
    },
    orderBy: { lastPullAt: { sort: "asc", nulls: "first" } },
    take: most,
  });
}

/** Never throws: one member's trouble holds up no other. */
async function pull(
  ctx: Context,
  member: MemberRecord,
  restUntil: Map<number, number>,
  signal: AbortSignal,
): Promise<void> {
  const start = ctx.clock.monotonic();
  try {
    // Noted before it is tried: a member that fails waits for its next turn.
    const beganAt = ctx.clock.now();
    const data = { lastPullAt: BigInt(beganAt) };
    await ctx.db.statement((db) => db.member.updateMany({ where: { id: member.id }, data }), "pull.begin");
    await recordPull(ctx, member.id, beganAt, await failureOfPull(ctx, member, signal));
  } catch (error) {
    if (!signal.aborted) log.error("zones could not be taken in", { member: member.hostname, error });
  } finally {
    const end = ctx.clock.monotonic();
    restUntil.set(member.id, end + REST * (end - start));
  }
}

async function failureOfPull(ctx: Context, member: MemberRecord, signal: AbortSignal): Promise<DriverError | null> {
  try {
    await pullFromMember(ctx, member.id, await openMemberDriver(ctx, member), signal);
    return null;
  } catch (error) {
    if (error instanceof DriverError) return error;
    throw error;
  }
}

async function firstOf(works: readonly Promise<void>[], limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([...works, late]);
  clearTimeout(timer);
}
