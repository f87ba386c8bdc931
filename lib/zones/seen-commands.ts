import type { Context } from "@/lib/context";
import type { Database } from "@/lib/db/database";

/** How long a command's id is remembered: WHM repeats queued commands every 15 minutes, and gives up on a member long before a day. */
const MEMORY_MS = 24 * 60 * 60_000;
const SWEEP_EVERY_MS = 10 * 60_000;

/** What this process is at, by database: two deliveries at once do the work once. */
interface Memory {
  readonly underWay: Map<string, Promise<unknown>>;
  sweptAt: number;
}

const memories = new WeakMap<Database, Memory>();

/**
 * Carries out a member's command unless one with this id was carried out before: WHM's clusters may deliver one command over several ways.
 * The id is remembered when the work is done and not before: a server that dies in the middle is asked again and must not say that it is done. What is
 * lost between the two is done twice, which changes nothing.
 * @param id `dnsuniqid`; undefined: nothing to compare, the work is done
 * @returns what `work` gives; null when it was done before
 * @throws whatever `work` throws
 */
export async function onceOnly<T>(ctx: Context, id: string | undefined, work: () => Promise<T>): Promise<T | null> {
  if (id === undefined || id === "") return work();
  const memory = memories.get(ctx.db) ?? { underWay: new Map(), sweptAt: 0 };
  memories.set(ctx.db, memory);
  // Another delivery that fails is for its own caller to hear of; this one is then a new try.
  for (let other = memory.underWay.get(id); other; other = memory.underWay.get(id)) await other.catch(() => undefined);
  const running = remembered(ctx, id, work);
  memory.underWay.set(id, running);
  try {
    return await running;
  } finally {
    memory.underWay.delete(id);
    await sweep(ctx, memory);
  }
}

async function remembered<T>(ctx: Context, id: string, work: () => Promise<T>): Promise<T | null> {
  if (await ctx.db.client.seenCommand.findUnique({ where: { id } })) return null;
  const result = await work();
  await ctx.db.client.$executeRaw`
    INSERT INTO "SeenCommand" ("id", "at") VALUES (${id}, ${ctx.clock.now()}) ON CONFLICT DO NOTHING`;
  return result;
}

async function sweep(ctx: Context, memory: Memory): Promise<void> {
  const now = ctx.clock.now();
  if (Math.abs(now - memory.sweptAt) < SWEEP_EVERY_MS) return;
  memory.sweptAt = now;
  await ctx.db.client.seenCommand.deleteMany({ where: { at: { lt: BigInt(now - MEMORY_MS) } } });
}
