import os from "node:os";
import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";
import { randomAlphanumeric } from "@/lib/ids";
import { logger } from "@/lib/logger";
import { sha256 } from "@/lib/secrets";

const log = logger("engine");

/** How long a lease holds without being renewed: a crashed engine's work is taken over after that. */
export const LEASE_MS = 20_000;

/** The part of an owner's name that stays the same over restarts: one running server has one data directory. */
const homeOf = (ctx: Context) => sha256(`${os.hostname()}:${ctx.env.dataDir}`).slice(0, 16);

/** This engine's name on leases: unique per process. */
export function leaseOwner(ctx: Context): string {
  return `${homeOf(ctx)}-${process.pid}-${randomAlphanumeric(12)}`;
}

/**
 * Gives back what a server that was killed on this data directory still holds, so that the next one need not wait for it to end. Only whoever holds
 * the lock of the data directory may call it: then the other one is gone.
 */
export async function dropLeasesOfBefore(ctx: Context): Promise<void> {
  const where = { owner: { startsWith: `${homeOf(ctx)}-` } };
  await ctx.db.statement((db) => db.lease.deleteMany({ where }), "lease.drop");
}

/**
 * Who works on what, in the database. A lease is held on after the work is done, so that the next edit finds it ready; it is given back at a stop.
 * @param owner this engine's name: unique per process
 */
export function createLeases(ctx: Context, owner: string) {
  const heldUntil = new Map<string, number>();
  /**
   * Free of charge while more than half of it is left.
   * @returns null: somebody else has it; "held": it was ours all the time; "taken": it is ours from now on, or again
   */
  async function acquire(name: string): Promise<"held" | "taken" | null> {
    const now = ctx.clock.now();
    const until = heldUntil.get(name) ?? 0;
    // A clock that was set back would make the remembered end look far away: only a plausible one is believed.
    if (until - now > LEASE_MS / 2 && until - now <= LEASE_MS) return "held";
    const next = now + LEASE_MS;
    // Whoever takes it over writes another owner: while that is ours, nobody else had it, however long ago it ended.
    if (until > 0) {
      const data = { until: BigInt(next) };
      const { count } = await ctx.db.statement(
        (db) => db.lease.updateMany({ where: { name, owner }, data }),
        "lease.renew",
      );
      if (count > 0) {
        heldUntil.set(name, next);
        return "held";
      }
    }
    const taking = sql`
      INSERT INTO "Lease" ("name", "owner", "until") VALUES (${name}, ${owner}, ${next})
      ON CONFLICT ("name") DO UPDATE SET "owner" = excluded."owner", "until" = excluded."until"
      WHERE "Lease"."owner" = excluded."owner" OR "Lease"."until" < ${now} OR "Lease"."until" > ${now + 2 * LEASE_MS}`;
    if ((await ctx.db.statement((db) => db.$executeRaw(taking), "lease.take")) === 0) {
      heldUntil.delete(name);
      return null;
    }
    heldUntil.set(name, next);
    return "taken";
  }

  async function renew(name: string): Promise<void> {
    try {
      await acquire(name);
    } catch (error) {
      // What is written next proves the lease anyway.
      log.warn("a lease could not be renewed", { name, error });
    }
  }

  return {
    acquire,
    /** Renews a lease of ours as long as `work` takes: a slow member must not be taken over from us again and again, and never get done. */
    async whileHeld<T>(name: string, work: () => Promise<T>): Promise<T> {
      const timer = setInterval(() => void renew(name), LEASE_MS / 4);
      try {
        return await work();
      } finally {
        clearInterval(timer);
      }
    },
    /** It was found to be somebody else's. */
    forget(name: string): void {
      heldUntil.delete(name);
    },
    async releaseAll(): Promise<void> {
      heldUntil.clear();
      await ctx.db.statement((db) => db.lease.deleteMany({ where: { owner } }), "lease.release");
    },
  };
}
