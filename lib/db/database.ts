import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import path from "node:path";
import { AppError } from "@/lib/errors";
import { type FaultStep, faultPoint } from "@/lib/fault-points";
import { meter } from "@/lib/metrics/meter";
import { Prisma, PrismaClient } from "@/prisma/generated/sqlite/client";
import { migrate } from "./migrate";
import { PATIENCE, type Patience, postgresPool } from "./postgres-pool";
import { type RawRunner, rawClient, withDirectSql } from "./raw-sql";
import { SqliteAdapter } from "./sqlite-adapter";

export type Provider = "sqlite" | "postgresql";

/** What services query with: the client itself or a transaction of it. One set of models, so one set of types serves both providers. */
export type Queryable = Omit<PrismaClient, "$connect" | "$disconnect" | "$on" | "$use" | "$extends" | "$transaction">;

/** What asks for raw SQL only. */
export type RawQueryable = Pick<Queryable, "$queryRaw" | "$executeRaw">;

/** An open database with every migration applied. */
export interface Database {
  readonly provider: Provider;
  /** Names of the migrations that it had when it was opened. */
  readonly migrations: readonly string[];
  readonly client: Queryable;
  /**
   * Runs `work` in one transaction and again, from the start, when it lost against another writer: `work` must have no other effects. So a look
   * for a key that has to be unique is enough: of two at once the second one looks again and finds it.
   * The first statement of a transaction that writes should write (SQLite cannot turn a stale reader into a writer).
   * @param step its name where tests kill the process before and after the commit
   * @throws whatever `work` throws; the last conflict after about five seconds of trying; AppError "unavailable" when the disk is full
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>, step?: FaultStep): Promise<T>;
  /** The same with raw SQL only, for what every edit waits for: on SQLite it takes a third of the time. */
  rawTransaction<T>(work: (tx: RawQueryable) => Promise<T>, step?: FaultStep): Promise<T>;
  /**
   * The same in two steps: it resolves when others see what was stored, which a killed process loses no more, and `kept` when a power cut does not undo it
   * either. For what its sender sends again unless told that it is kept: then it can travel on meanwhile.
   */
  visibleTransaction<T>(
    work: (tx: RawQueryable) => Promise<T>,
    step?: FaultStep,
  ): Promise<{ readonly result: T; readonly kept: Promise<void> }>;
  /**
   * The same for bookkeeping that would be done again: what was acknowledged, observed, indexed. It does not wait for the disk, so a power cut may undo
   * the last of them; a killed process loses none. Nothing that was promised to somebody may be written with it.
   */
  relaxedTransaction<T>(work: (tx: RawQueryable) => Promise<T>, step?: FaultStep): Promise<T>;
  /**
   * The same for one statement, which commits by itself: for what stands alone and would be done again. It costs no transaction, and on SQLite a power cut may
   * undo it.
   * @param work runs exactly one statement
   */
  statement<T>(work: (db: Queryable) => Promise<T>, step: FaultStep): Promise<T>;
  close(): Promise<void>;
}

/** Tagged template for raw SQL with parameters, valid on both providers; `join` for lists. Identifiers are quoted as "Zone"."name". */
export const sql = Prisma.sql;
export const join = Prisma.join;
export const empty = Prisma.empty;

const CONFLICT_CODES = new Set(["P2034", "P1008", "P2028"]);

function isConflict(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === "string" && CONFLICT_CODES.has(code)) return true;
  // Raw queries carry the server's own words (P2010): SQLite's busy, PostgreSQL's serialization failure and deadlock.
  return typeof message === "string" && /SQLITE_BUSY|database is locked|40001|40P01/.test(message);
}

/** SQLite's and PostgreSQL's words for a disk that takes no more. */
function isDiskFull(error: unknown): boolean {
  return (
    error instanceof Error && /SQLITE_FULL|database or disk is full|53100|No space left on device/.test(error.message)
  );
}

function explain(error: unknown): unknown {
  if (!isDiskFull(error)) return error;
  return new AppError(
    "unavailable",
    "The disk with the database is full. Nothing was saved; make room and try again.",
    { cause: error },
  );
}

/** Somebody else wrote the same key between the look and the writing. From the start again, the look finds it and says what is wrong in words. */
function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // Raw queries carry the server's own words, SQLite's and PostgreSQL's.
  return ("code" in error && error.code === "P2002") || /UNIQUE constraint failed|`23505`/.test(error.message);
}

async function withRetries<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      const limit = isConflict(error) ? 12 : isUniqueViolation(error) ? 2 : 1;
      if (tries >= limit) throw explain(error);
      meter()?.count("zonefleet_database_retries_total", {});
      const ceiling = Math.min(10 * 2 ** tries, 1_000);
      await new Promise((resolve) => setTimeout(resolve, ceiling / 2 + (Math.random() * ceiling) / 2));
    }
  }
}

/** For the metrics: how long a transaction took, the wait for other writers included. */
async function timed<T>(kind: "durable" | "relaxed", work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  try {
    return await work();
  } finally {
    meter()?.observe("zonefleet_database_transaction_seconds", { kind }, (performance.now() - began) / 1_000);
  }
}

interface Connection {
  readonly provider: Provider;
  readonly client: PrismaClient;
  /** SQLite's; raw SQL takes a shorter way through it. */
  readonly adapter?: SqliteAdapter;
}

async function connect(url: string, patience: Patience): Promise<Connection> {
  if (/^postgres(ql)?:/.test(url)) {
    // Loaded when it is needed: a tenth of a start.
    const [{ PrismaPg }, { PrismaClient: PostgresClient }] = await Promise.all([
      import("@prisma/adapter-pg"),
      import("@/prisma/generated/postgresql/client"),
    ]);
    const client = new PostgresClient({ adapter: new PrismaPg(postgresPool(url, patience)) });
    // The two generated clients differ only in their provider; the models are one set of files.
    return { provider: "postgresql", client: client as unknown as PrismaClient };
  }
  const file = url.replace(/^file:/, "");
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true, mode: 0o700 });
  keepPrivate(file);
  const adapter = new SqliteAdapter(file);
  return { provider: "sqlite", client: new PrismaClient({ adapter }), adapter };
}

/** Nobody else reads the file, wherever DATABASE_URL puts it and however it is copied. SQLite gives its log files the mode of the database. */
function keepPrivate(file: string): void {
  closeSync(openSync(file, "a", 0o600));
  for (const part of [file, `${file}-wal`, `${file}-shm`]) if (existsSync(part)) chmodSync(part, 0o600);
}

/**
 * Opens the database and brings it up to date.
 * @param url `file:PATH` (SQLite) or `postgresql://…`
 * @param patience with a PostgreSQL that says nothing
 */
export async function openDatabase(url: string, patience = PATIENCE): Promise<Database> {
  const { provider, client, adapter } = await connect(url, patience);
  if (provider === "sqlite") {
    await client.$queryRaw`PRAGMA journal_mode = WAL`;
    await client.$executeRaw`PRAGMA synchronous = NORMAL`;
  }
  const migrations = await migrate(client, provider);
  const attempt = <T>(work: (tx: Queryable) => Promise<T>, step?: FaultStep) =>
    client.$transaction(
      async (tx) => {
        const result = await work(withDirectSql(tx, adapter?.directInTransaction() ?? null));
        faultPoint("before", step);
        return result;
      },
      { maxWait: 15_000, timeout: 60_000 },
    );
  const finished = async <T>(attempts: Promise<T>, step?: FaultStep): Promise<T> => {
    const result = await attempts;
    faultPoint("after", step);
    return result;
  };
  const run: Database["transaction"] = (work, step) =>
    finished(
      withRetries(() => attempt(work, step)),
      step,
    );
  const runRaw = <T>(
    sqlite: SqliteAdapter,
    isDurable: boolean,
    work: (tx: RawQueryable) => Promise<T>,
    step?: FaultStep,
  ): Promise<T> => {
    const once = async (runner: RawRunner) => {
      const result = await work(rawClient(runner));
      faultPoint("before", step);
      return result;
    };
    return finished(
      withRetries(() => sqlite.transact(once, isDurable)),
      step,
    );
  };
  const direct = withDirectSql(client, adapter?.direct() ?? null);
  return {
    provider,
    migrations,
    client: direct,
    transaction: (work, step) => timed("durable", () => run(work, step)),
    rawTransaction: (work, step) =>
      timed("durable", () => (adapter ? runRaw(adapter, true, work, step) : run(work, step))),
    visibleTransaction: async (work, step) => {
      if (!adapter) return { result: await timed("durable", () => run(work, step)), kept: Promise.resolve() };
      const result = await timed("relaxed", () => runRaw(adapter, false, work, step));
      return { result, kept: adapter.flush() };
    },
    relaxedTransaction: (work, step) =>
      timed("relaxed", () => {
        if (adapter) return runRaw(adapter, false, work, step);
        return run(async (tx) => {
          await tx.$executeRaw`SET LOCAL synchronous_commit = off`;
          return work(tx);
        }, step);
      }),
    statement: (work, step) => {
      // Nothing of it is stored before it runs: a process that dies here dies before the commit.
      faultPoint("before", step);
      return finished(
        withRetries(() => work(direct)),
        step,
      );
    },
    close: () => client.$disconnect(),
  };
}
