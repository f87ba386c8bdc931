import type { Client, Config, Transaction } from "@libsql/client";
import { PrismaLibSql } from "@prisma/adapter-libsql";

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
  const end = async (statement: "COMMIT" | "ROLLBACK") => {
    if (!isOpen) return;
    await client.execute(statement);
    isOpen = false;
  };
  return {
    execute: (statement: Parameters<Client["execute"]>[0]) => client.execute(statement),
    batch: (statements) => client.batch(statements),
    executeMultiple: (script) => client.executeMultiple(script),
    commit: () => end("COMMIT"),
    rollback: () => end("ROLLBACK"),
    close: () => undefined,
    get closed() {
      return !isOpen;
    },
  } as Transaction;
}
