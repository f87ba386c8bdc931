import type { Client, Config, Transaction } from "@libsql/client";
import { PrismaLibSql } from "@prisma/adapter-libsql";
import { errorMessage } from "@/lib/errors";

/**
 * Prisma's libSQL adapter on one connection. The stock client opens a new connection for every transaction and leaves the old one to the garbage
 * collector: two file descriptors each, over a thousand after a busy minute, and PRAGMAs gone with them. The adapter already serialises everything
 * behind one lock, so a transaction can use the connection that is there. It begins IMMEDIATE: a writer that waits at the start cannot fail halfway.
 */
export class SqliteAdapter extends PrismaLibSql {
  override createClient(config: Config): Client {
    const client = super.createClient(config);
    return new Proxy(client, {
      get(target, property) {
        if (property === "transaction") return () => beginImmediate(target);
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }
}

async function beginImmediate(client: Client): Promise<Transaction> {
  await client.execute("BEGIN IMMEDIATE");
  let isOpen = true;
  const rollback = async () => {
    if (!isOpen) return;
    isOpen = false;
    await client.execute("ROLLBACK").catch((error: unknown) => {
      // After some errors, a full disk among them, SQLite has rolled back by itself.
      if (!/no transaction is active/.test(errorMessage(error))) throw error;
    });
  };
  const commit = async () => {
    try {
      await client.execute("COMMIT");
      isOpen = false;
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
      return !isOpen;
    },
  } as Transaction;
}
