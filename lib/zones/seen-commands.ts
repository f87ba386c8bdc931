import type { Context } from "@/lib/context";
import type { Database } from "@/lib/db/database";

/** How long a command's id is remembered: WHM repeats queued commands every 15 minutes, and gives up on a member long before a day. */
const MEMORY_MS = 24 * 60 * 60_000;
const SWEEP_EVERY_MS = 10 * 60_000;

const sweptAt = new WeakMap<Database, number>();

/**
 * Carries out a member's command unless one with this id was carried out before: WHM's clusters may deliver one command over several ways.
 * The id is claimed first, so that two deliveries at once do the work once, and given up again when the work fails: a repetition is then a new try.
 * @param id `dnsuniqid`; undefined: nothing to compare, the work is done
 * @returns what `work` gives; null when it was done before
 * @throws whatever `work` throws
 */
export async function onceOnly<T>(ctx: Context, id: string | undefined, work: () => Promise<T>): Promise<T | null> {
  if (id === undefined || id === "") return work();
  const now = ctx.clock.now();
  const claimed = await ctx.db.client.$executeRaw`
    INSERT INTO "SeenCommand" ("id", "at") VALUES (${id}, ${now}) ON CONFLICT DO NOTHING`;
  if (claimed === 0) return null;
  try {
    return await work();
  } catch (error) {
    await ctx.db.client.seenCommand.deleteMany({ where: { id } });
    throw error;
  } finally {
    await sweep(ctx, now);
  }
}

async function sweep(ctx: Context, now: number): Promise<void> {
  if (Math.abs(now - (sweptAt.get(ctx.db) ?? 0)) < SWEEP_EVERY_MS) return;
  sweptAt.set(ctx.db, now);
  await ctx.db.client.seenCommand.deleteMany({ where: { at: { lt: BigInt(now - MEMORY_MS) } } });
}
