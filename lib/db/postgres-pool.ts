import { Socket } from "node:net";

/** How long a database may say nothing, in ms. */
export interface Patience {
  /** Until a connection is open, or one of the pool is free: longer than a transaction waits for its begin, which is tried again then. */
  readonly connectMs: number;
  /**
   * While a connection is open, until it is given up. Nothing may be cut that would end by itself, and the longest are migrations: one that fills a new column of
   * a large table, or waits for another server's, is given 120 s (./migrate).
   */
  readonly silentMs: number;
}

export const PATIENCE: Patience = { connectMs: 20_000, silentMs: 130_000 };

/**
 * The pool of a PostgreSQL database that may go silent: a frozen machine, or a network that drops everything. TCP alone gives up after a quarter of an hour.
 *
 * A connection is ended as a whole. pg's own `query_timeout` leaves it open with the statement under way; Prisma then gives it back to the pool, and what comes
 * next would run inside the transaction that was given up (pg 8.23, @prisma/adapter-pg 7.10).
 */
export function postgresPool(url: string, { connectMs, silentMs }: Patience) {
  return {
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: connectMs,
    // A machine that is gone while it works on a statement is found out sooner: probes answer as long as it is there.
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
    stream: () => {
      const socket = new Socket();
      // Connections that are idle are closed by the pool long before.
      return socket.setTimeout(silentMs, () =>
        socket.destroy(new Error("The database has not answered for too long.")),
      );
    },
  };
}
