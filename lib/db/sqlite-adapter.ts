import { AsyncLocalStorage } from "node:async_hooks";
import type { Client, Config, ResultSet, Transaction } from "@libsql/client";
import { PrismaLibSql } from "@prisma/adapter-libsql";
import { errorMessage } from "@/lib/errors";
import { type RawRunner, runRaw } from "./raw-sql";
import { SqliteConnection } from "./sqlite-connection";

/**
 * Prisma's libSQL adapter on two connections, one that writes and one that reads. The stock client opens a new connection for every transaction and
 * leaves the old one to the garbage collector: two file descriptors each, over a thousand after a busy minute, and PRAGMAs gone with them. The adapter
 * already serialises everything behind one lock, so a transaction can use the connection that is there. It begins IMMEDIATE: a writer that waits at
 * the start cannot fail halfway.
 *
 * A SELECT outside of a transaction goes to the reading connection (WAL: it sees everything that was committed), so that a page does not wait for a
 * sync's transaction to end.
 */
export class SqliteAdapter extends PrismaLibSql {
  /** The writing one, then the reading one. */
  readonly #connections: SqliteConnection[] = [];
  /** The transaction that is open on the writing connection: there is one at a time. */
  #open: Pick<SqliteConnection, "run"> | null = null;

  /** @param file path of the database */
  constructor(file: string) {
    super({ url: `file:${file}` });
  }

  override async connect(): ReturnType<PrismaLibSql["connect"]> {
    const [writer, reader] = [await super.connect(), await super.connect()];
    await reader.executeScript("PRAGMA query_only = ON");
    return new Proxy(writer, {
      get(target, property) {
        if (property === "queryRaw") {
          return (query: Parameters<typeof writer.queryRaw>[0]) =>
            (IS_SELECT.test(query.sql) ? reader : writer).queryRaw(query);
        }
        if (property === "dispose") return () => Promise.all([writer.dispose(), reader.dispose()]);
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }

  override createClient({ url }: Config): Client {
    const connection = new SqliteConnection(url.replace(/^file:/, ""), BUSY_MS);
    this.#connections.push(connection);
    const client = {
      ...statementsOf(connection),
      transaction: async () => {
        const transaction = beginImmediate(connection);
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

/** Set around a transaction that the next start can do again: it need not wait for the disk. Follows the call into the adapter. */
export const relaxed = new AsyncLocalStorage<true>();

/**
 * synchronous = FULL for one transaction: its COMMIT returns when the disk has it, a power cut included. Otherwise NORMAL: a killed process loses nothing
 * either, but the last transactions before a power cut may be undone, in order. SQLite changes the level outside of transactions only.
 */
function beginImmediate(connection: SqliteConnection) {
  const isDurable = relaxed.getStore() !== true;
  const run = (sql: string) => connection.run(sql, []);
  if (isDurable) run("PRAGMA synchronous = FULL");
  run("BEGIN IMMEDIATE");
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
      run("ROLLBACK");
    } catch (error) {
      // After some errors, a full disk among them, SQLite has rolled back by itself.
      if (!/no transaction is active/.test(errorMessage(error))) throw error;
    } finally {
      end();
    }
  };
  const commit = async () => {
    try {
      run("COMMIT");
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
