import { type FileHandle, open } from "node:fs/promises";
import type { Client, Config, ResultSet, Transaction } from "@libsql/client";
import { PrismaLibSql } from "@prisma/adapter-libsql";
import { errorMessage } from "@/lib/errors";
import { type RawRunner, runRaw } from "./raw-sql";
import { SqliteConnection } from "./sqlite-connection";

/**
 * Prisma's libSQL adapter on two connections, one that writes and one that reads. The stock client opens a new connection for every transaction and
 * leaves the old one to the garbage collector: two file descriptors each, over a thousand after a busy minute, and PRAGMAs gone with them. Here whatever
 * writes takes its turn, so a transaction can use the connection that is there. It begins IMMEDIATE: a writer that waits at the start cannot fail halfway.
 *
 * A SELECT outside of a transaction goes to the reading connection (WAL: it sees everything that was committed), so that a page does not wait for a
 * sync's transaction to end.
 */
export class SqliteAdapter extends PrismaLibSql {
  /** The writing one, then the reading one. */
  readonly #connections: SqliteConnection[] = [];
  /** The transaction that is open on the writing connection: there is one at a time. */
  #open: Pick<SqliteConnection, "run"> | null = null;
  readonly #turns = createTurns();

  /** The write-ahead log, which lasts as long as a connection is open. */
  #log: Promise<FileHandle> | null = null;

  /** @param file path of the database */
  constructor(readonly file: string) {
    super({ url: `file:${file}` });
  }

  /**
   * Resolves when the disk has every transaction that was committed before. Not in this thread: what they stored is worked on meanwhile.
   * What is in the log no more was synchronized before it went into the database.
   */
  async flush(): Promise<void> {
    this.#log ??= open(`${this.file}-wal`, "r").catch((error: unknown) => {
      this.#log = null;
      throw error;
    });
    await (await this.#log).datasync();
  }

  override async connect(): ReturnType<PrismaLibSql["connect"]> {
    const [writer, reader] = [await super.connect(), await super.connect()];
    await reader.executeScript("PRAGMA query_only = ON");
    const inTurn = <T>(work: () => Promise<T>): Promise<T> => this.#inTurn(work);
    const own = {
      queryRaw: (query: SqlQuery) =>
        IS_SELECT.test(query.sql) ? reader.queryRaw(query) : inTurn(() => writer.queryRaw(query)),
      executeRaw: (query: SqlQuery) => inTurn(() => writer.executeRaw(query)),
      executeScript: (script: string) => inTurn(() => writer.executeScript(script)),
      startTransaction: () => this.#startTransaction(writer),
      dispose: async () => {
        await Promise.all([writer.dispose(), reader.dispose()]);
        await (await this.#log)?.close();
        this.#log = null;
      },
    };
    return new Proxy(writer, {
      get(target, property) {
        if (Object.hasOwn(own, property)) return Reflect.get(own, property);
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }

  /** For Prisma, which ends it by `commit` or `rollback`. */
  async #startTransaction(writer: Awaited<ReturnType<PrismaLibSql["connect"]>>) {
    const release = await this.#turns.next();
    try {
      const transaction = await writer.startTransaction();
      return new Proxy(transaction, {
        get(target, property) {
          const value: unknown = Reflect.get(target, property, target);
          if (typeof value !== "function") return value;
          if (property !== "commit" && property !== "rollback") return value.bind(target);
          return () => (value.call(target) as Promise<void>).finally(release);
        },
      });
    } catch (error) {
      release();
      throw error;
    }
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const release = await this.#turns.next();
    try {
      return await work();
    } finally {
      release();
    }
  }

  override createClient({ url }: Config): Client {
    const connection = new SqliteConnection(url.replace(/^file:/, ""), BUSY_MS);
    this.#connections.push(connection);
    const client = {
      ...statementsOf(connection),
      transaction: async () => {
        const transaction = beginImmediate(connection, true);
        this.#open = transaction;
        return transaction as unknown as Transaction;
      },
      close: () => connection.close(),
    };
    return client as unknown as Client;
  }

  /**
   * Raw SQL without the way through Prisma, which costs five times what the statement itself does. In a transaction it runs on the writing connection.
   * @returns null for what has to go the long way: whatever writes outside of a transaction, as it must wait for an open one
   */
  direct(): RawRunner | null {
    const [, reader] = this.#connections;
    return reader
      ? { canRun: ({ sql }) => IS_SELECT.test(sql), run: async (statement) => runRaw(reader, statement) }
      : null;
  }

  /**
   * A transaction of raw statements alone, which Prisma has no part in: its own ones take longer than the handful of statements in them.
   * @param isDurable whether the commit waits for the disk
   */
  transact<T>(work: (runner: RawRunner) => Promise<T>, isDurable: boolean): Promise<T> {
    return this.#inTurn(async () => {
      const [connection] = this.#connections;
      if (!connection) throw new RangeError("The database is not open.");
      const transaction = beginImmediate(connection, isDurable);
      const limit = setTimeout(() => void transaction.rollback(), LONGEST_MS);
      try {
        const result = await work({ canRun: () => true, run: async (statement) => runRaw(transaction, statement) });
        await transaction.commit();
        return result;
      } catch (error) {
        await transaction.rollback();
        throw error;
      } finally {
        clearTimeout(limit);
      }
    });
  }

  /** The same for the transaction that has just begun. Refuses when it has ended meanwhile: nothing may be written outside of it by mistake. */
  directInTransaction(): RawRunner | null {
    const transaction = this.#open;
    return transaction && { canRun: () => true, run: async (statement) => runRaw(transaction, statement) };
  }
}

/** A statement came after its transaction had ended, such as by taking longer than a transaction may, or by a full disk. */
export class TransactionEnded extends Error {
  override readonly name = "TransactionEnded";
  override readonly message = "The transaction has ended already.";
}

/** How long to wait for another process that writes, such as a backup. */
const BUSY_MS = 5_000;
const IS_SELECT = /^\s*SELECT\b/i;

/** Whoever takes longer is cut off: everything that writes waits for it. */
const LONGEST_MS = 60_000;

type SqlQuery = Parameters<Awaited<ReturnType<PrismaLibSql["connect"]>>["queryRaw"]>[0];

/** One at a time, in the order in which they came. */
function createTurns() {
  let last = Promise.resolve();
  return {
    /** Resolves, with what ends the turn, when all before it have ended theirs. */
    next(): Promise<() => void> {
      const before = last;
      let release = () => {};
      last = new Promise((resolve) => {
        release = resolve;
      });
      return before.then(() => release);
    },
  };
}

/**
 * synchronous = FULL for one transaction: its COMMIT returns when the disk has it, a power cut included. Otherwise NORMAL: a killed process loses nothing
 * either, but the last transactions before a power cut may be undone, in order. SQLite changes the level outside of transactions only.
 */
function beginImmediate(connection: SqliteConnection, isDurable: boolean) {
  const run = (sql: string) => connection.run(sql, []);
  if (isDurable) run("PRAGMA synchronous = FULL");
  connection.control("BEGIN IMMEDIATE");
  let isOpen = true;
  const end = () => {
    isOpen = false;
    if (isDurable) run("PRAGMA synchronous = NORMAL");
  };
  /** A full disk among others makes SQLite roll back by itself: what came after it would be written, for good, without what came before it. */
  const guarded = <T>(work: () => T): T => {
    if (!isOpen) throw new TransactionEnded();
    try {
      return work();
    } catch (error) {
      if (!connection.isInTransaction) end();
      throw error;
    }
  };
  const inside: Pick<SqliteConnection, "run" | "runScript"> = {
    run: (sql, values) => guarded(() => connection.run(sql, values)),
    runScript: (script) => guarded(() => connection.runScript(script)),
  };
  const rollback = async () => {
    if (!isOpen) return;
    try {
      connection.control("ROLLBACK");
    } catch (error) {
      // After some errors, a full disk among them, SQLite has rolled back by itself.
      if (!/no transaction is active/.test(errorMessage(error))) throw error;
    } finally {
      end();
    }
  };
  const commit = async () => {
    if (!isOpen) throw new TransactionEnded();
    try {
      connection.control("COMMIT");
    } catch (error) {
      // Nobody rolls back after a commit that failed. Left open on the one connection, it would swallow everything that is written from now on.
      await rollback();
      throw error;
    }
    end();
  };
  return {
    ...statementsOf(inside),
    run: inside.run,
    commit,
    rollback,
    close: () => undefined,
    get closed() {
      return !isOpen;
    },
  };
}

/** What Prisma's adapter asks of libSQL's client. */
function statementsOf(connection: Pick<SqliteConnection, "run" | "runScript">) {
  return {
    execute: async (statement: { sql: string; args: readonly unknown[] }) => {
      const { changes, ...result } = connection.run(statement.sql, statement.args);
      return { ...result, rowsAffected: changes } as unknown as ResultSet;
    },
    executeMultiple: async (script: string) => connection.runScript(script),
  };
}
