import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";

/** How long a lease holds without being renewed: a crashed engine's work is taken over after that. */
export const LEASE_MS = 20_000;

/**
 * Who works on what, in the database. A lease is held on after the work is done, so that the next edit finds it ready; it is given back at a stop.
 * @param owner this engine's name: unique per process
 */
export function createLeases(ctx: Context, owner: string) {
  const heldUntil = new Map<string, number>();
  const db = ctx.db.client;
  return {
    /** @returns whether the lease is ours now. Free of charge while more than half of it is left. */
    async acquire(name: string): Promise<boolean> {
      const now = ctx.clock.now();
      const until = heldUntil.get(name) ?? 0;
      // A clock that was set back would make the remembered end look far away: only a plausible one is believed.
      if (until - now > LEASE_MS / 2 && until - now <= LEASE_MS) return true;
      const next = now + LEASE_MS;
      const rows = await db.$queryRaw<{ owner: string }[]>(sql`
        INSERT INTO "Lease" ("name", "owner", "until") VALUES (${name}, ${owner}, ${next})
        ON CONFLICT ("name") DO UPDATE SET "owner" = excluded."owner", "until" = excluded."until"
        WHERE "Lease"."owner" = excluded."owner" OR "Lease"."until" < ${now} OR "Lease"."until" > ${now + 2 * LEASE_MS}
        RETURNING "owner"`);
      if (rows.length === 0) {
        heldUntil.delete(name);
        return false;
      }
      heldUntil.set(name, next);
      return true;
    },
    /** It was found to be somebody else's. */
    forget(name: string): void {
      heldUntil.delete(name);
    },
    async releaseAll(): Promise<void> {
      heldUntil.clear();
      await db.lease.deleteMany({ where: { owner } });
    },
  };
}
