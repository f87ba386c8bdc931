import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { applicationFolder } from "@/lib/application-folder";
import { AppError } from "@/lib/errors";
import type { PrismaClient } from "@/prisma/generated/sqlite/client";
import type { Database } from "./database";
import { splitStatements } from "./split-statements";

/** Any number will do, as long as every Zonefleet server takes the same one. It is the one that Prisma's own CLI locks. */
const ADVISORY_LOCK = 72_707_369;

interface Migration {
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, hex: what `prisma migrate deploy` records. */
  readonly checksum: string;
}

function readMigrations(folder: string): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(path.join(folder, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    });
}

const LEDGER = {
  sqlite: `CREATE TABLE IF NOT EXISTS "_prisma_migrations" ("id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME,
    "migration_name" TEXT NOT NULL, "logs" TEXT, "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`,
  postgresql: `CREATE TABLE IF NOT EXISTS "_prisma_migrations" ("id" VARCHAR(36) PRIMARY KEY NOT NULL, "checksum" VARCHAR(64) NOT NULL,
    "finished_at" TIMESTAMPTZ, "migration_name" VARCHAR(255) NOT NULL, "logs" TEXT, "rolled_back_at" TIMESTAMPTZ,
    "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(), "applied_steps_count" INTEGER NOT NULL DEFAULT 0)`,
};

/**
 * Applies the migrations that the database lacks, in order, each in one transaction under a lock, and records them where `prisma migrate deploy`
 * does: a server needs no Prisma CLI to start, and the CLI agrees with what it finds.
 * @returns the names of all that there are
 * @throws AppError "conflict" when an applied migration is not the one of this version (a newer or changed server used this database).
 */
export async function migrate(
  client: PrismaClient,
  provider: "sqlite" | "postgresql",
  folder = path.join(applicationFolder(), "prisma", provider, "migrations"),
): Promise<string[]> {
  const migrations = readMigrations(folder);
  if (provider === "sqlite") await client.$executeRawUnsafe(LEDGER.sqlite);
  for (const migration of migrations) {
    await client.$transaction(
      async (tx) => {
        if (provider === "postgresql") {
          await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ADVISORY_LOCK})`;
          await tx.$executeRawUnsafe(LEDGER.postgresql);
        } else {
          // A write takes SQLite's lock before anything is read (BEGIN IMMEDIATE in effect).
          await tx.$executeRaw`UPDATE "_prisma_migrations" SET "logs" = "logs" WHERE "id" = ''`;
        }
        const [applied] = await tx.$queryRaw<{ checksum: string }[]>`
          SELECT "checksum" FROM "_prisma_migrations" WHERE "migration_name" = ${migration.name} AND "rolled_back_at" IS NULL`;
        if (applied) return assertSame(migration, applied.checksum);
        for (const statement of splitStatements(migration.sql)) await tx.$executeRawUnsafe(statement);
        const now = new Date();
        await tx.$executeRaw`
          INSERT INTO "_prisma_migrations" ("id", "checksum", "finished_at", "migration_name", "started_at", "applied_steps_count")
          VALUES (${randomUUID()}, ${migration.checksum}, ${now}, ${migration.name}, ${now}, 1)`;
      },
      { maxWait: 30_000, timeout: 120_000 },
    );
  }
  return migrations.map(({ name }) => name);
}

/**
 * Migrations of the version that runs that its database lacks: none, unless somebody put an older copy of the database in its place. Files of a newer version that lie there already
 * are for the next start.
 */
export async function pendingMigrations({
  client,
  migrations,
}: Pick<Database, "client" | "migrations">): Promise<string[]> {
  const applied = await client.$queryRaw<{ name: string }[]>`
    SELECT "migration_name" AS "name" FROM "_prisma_migrations" WHERE "finished_at" IS NOT NULL AND "rolled_back_at" IS NULL`;
  const done = new Set(applied.map(({ name }) => name));
  return migrations.filter((name) => !done.has(name));
}

function assertSame(migration: Migration, checksum: string): void {
  if (checksum === migration.checksum) return;
  throw new AppError(
    "conflict",
    `The database was set up by another version of Zonefleet: migration ${migration.name} differs. Start the version that made it, or restore a backup that fits.`,
  );
}
