import { AsyncLocalStorage } from "node:async_hooks";
import type { Client, Config, Transaction } from "@libsql/client";
import { PrismaLibSql } from "@prisma/adapter-libsql";
import { errorMessage } from "@/lib/errors";
import { type RawRunner, runRaw } from "./raw-sql";

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
  readonly #clients: Client[] = [];
  /** The transaction that is open on the writing connection: there is one at a time. */
  #open: { isOpen: boolean } | null = null;

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

  override createClient(config: Config): Client {
    const client = super.createClient(config);
    this.#clients.push(client);
    const begin = async () => {
      const transaction = await beginImmediate(client);
      this.#open = transaction.state;
      return transaction;
    };
    return new Proxy(client, {
      get(target, property) {
        if (property === "transaction") return begin;
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }

  /**
   * Raw SQL without the way through Prisma, which costs five times what the statement itself does. In a transaction it runs on the writing connection.
   * @returns null for what has to go the long way: whatever writes outside of a transaction, as it must wait for an open one
   */
  direct(): RawRunner | null {
    const [, reader] = this.#clients;
    return reader ? { canRun: ({ sql }) => IS_SELECT.test(sql), run: (statement) => runRaw(reader, statement) } : null;
  }

  /** The same for the transaction that has just begun. Refuses when it has ended meanwhile: nothing may be written outside of it by mistake. */
  directInTransaction(): RawRunner | null {
    const [writer] = this.#clients;
    const state = this.#open;
    if (!writer || !state) return null;
    return {
      canRun: () => true,
      run: async (statement) => {
        if (!state.isOpen) throw new TransactionEnded();
        return runRaw(writer, statement);
      },
    };
  }
}

/** A statement came after its transaction had ended, such as by taking longer than a transaction may. */
export class TransactionEnded extends Error {
  override readonly name = "TransactionEnded";
  override readonly message = "The transaction has ended already.";
}

const IS_SELECT = /^\s*SELECT\b/i;

/** Set around a transaction that the next start can do again: it need not wait for the disk. Follows the call into the adapter. */
export const relaxed = new AsyncLocalStorage<true>();

/**
 * synchronous = FULL for one transaction: its COMMIT returns when the disk has it, a power cut included. Otherwise NORMAL: a killed process loses nothing
 * either, but the last transactions before a power cut may be undone, in order. SQLite changes the level outside of transactions only.
 */
async function beginImmediate(client: Client): Promise<Transaction & { state: { isOpen: boolean } }> {
  const isDurable = relaxed.getStore() !== true;
  if (isDurable) await client.execute("PRAGMA synchronous = FULL");
  await client.execute("BEGIN IMMEDIATE");
  const state = { isOpen: true };
  const rollback = async () => {
    if (!state.isOpen) return;
    state.isOpen = false;
    await client.execute("ROLLBACK").catch((error: unknown) => {
      // After some errors, a full disk among them, SQLite has rolled back by itself.
      if (!/no transaction is active/.test(errorMessage(error))) throw error;
    });
    if (isDurable) await client.execute("PRAGMA synchronous = NORMAL");
  };
  const commit = async () => {
    try {
      await client.execute("COMMIT");
      state.isOpen = false;
      if (isDurable) await client.execute("PRAGMA synchronous = NORMAL");
    } catch (error) {
      // Nobody rolls back after a commit that failed. Left open on the one connection, it would swallow everything that is written from now on.
      await rollback();
      throw error;
    }
  };
  return {
    execute: (statement: Parameters<Client["execute"]>[0]) => client.execute(statement),
    batch: (statements) => client.batch(statements),
    executeMultiple: (script) => client.executeMultiple(script),
    commit,
    rollback,
    close: () => undefined,
    get closed() {
      return !state.isOpen;
    },
    state,
  } as Transaction & { state: { isOpen: boolean } };
}
