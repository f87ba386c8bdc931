import Database from "libsql";

type Statement = ReturnType<InstanceType<typeof Database>["prepare"]>;

/** What a statement gave: rows of one that returns some, otherwise how many it changed. */
export interface SqliteResult {
  readonly columns: readonly string[];
  /** Types as the tables declare them; "" for what was computed. */
  readonly columnTypes: readonly string[];
  readonly rows: readonly (readonly SqliteValue[])[];
  readonly changes: number;
}

/** Integers are numbers: nothing here is beyond 2^53. No table has BLOB columns. */
export type SqliteValue = string | number | null;

interface Prepared {
  readonly statement: Statement;
  readonly columns: readonly string[];
  readonly columnTypes: readonly string[];
}

/** Prepared statements that are kept. The large ones of bulk writes come in few sizes. */
const KEPT = 100;
/** A change of the tables may change what a kept statement returns. */
const CHANGES_TABLES = /^\s*(CREATE|ALTER|DROP)\b/i;
const WRITES = /^\s*(INSERT|UPDATE|DELETE|REPLACE|WITH|CREATE|ALTER|DROP)\b/i;
/** A kept statement holds on to its values until it runs again: one that ran with more characters than this is not kept. */
const KEPT_CHARACTERS = 65_536;

/**
 * One connection to an SQLite database that keeps its prepared statements: libSQL's own client prepares each statement again for every run, and finds out
 * by an exception whether it returns rows, which together cost more than most statements do.
 */
export class SqliteConnection {
  readonly #database: InstanceType<typeof Database>;
  /** The one used last is the last. */
  readonly #kept = new Map<string, Prepared>();

  /** @param timeoutMs how long to wait for another process that writes */
  constructor(file: string, timeoutMs: number) {
    this.#database = new Database(file, { timeout: timeoutMs });
  }

  /**
   * Runs one statement; one that writes, in a transaction of its own where none is open. Synchronous: SQLite works in this thread.
   * @throws SqliteError
   */
  run(sql: string, values: readonly unknown[]): SqliteResult {
    if (this.isInTransaction || !WRITES.test(sql)) return this.#run(sql, values);
    this.control("BEGIN IMMEDIATE");
    try {
      const result = this.#run(sql, values);
      this.control("COMMIT");
      return result;
    } catch (error) {
      if (this.isInTransaction) this.control("ROLLBACK");
      throw error;
    }
  }

  /**
   * Begins or ends a transaction. What may find the database locked is never a prepared statement: one that did counts as under way until it is collected as garbage,
   * and no transaction of its connection can be committed before.
   * @throws SqliteError
   */
  control(command: "BEGIN IMMEDIATE" | "COMMIT" | "ROLLBACK"): void {
    this.#database.exec(command);
  }

  #run(sql: string, values: readonly unknown[]): SqliteResult {
    const { statement, columns, columnTypes } = this.#prepare(sql);
    const parameters = values.map((value) => (typeof value === "boolean" ? Number(value) : value));
    try {
      if (columns.length > 0)
        return { columns, columnTypes, rows: statement.all(parameters) as SqliteValue[][], changes: 0 };
      return { columns, columnTypes, rows: [], changes: statement.run(parameters).changes };
    } catch (error) {
      // Whatever state it is in, it is not used again.
      this.#kept.delete(sql);
      throw error;
    } finally {
      if (isLarge(sql, parameters)) this.#kept.delete(sql);
    }
  }

  /** Also false when SQLite has ended the transaction by itself. */
  get isInTransaction(): boolean {
    // libSQL ends the process when a closed connection is asked.
    return this.#database.open && this.#database.inTransaction;
  }

  /** Runs several statements without parameters. @throws SqliteError */
  runScript(script: string): void {
    this.#kept.clear();
    this.#database.exec(script);
  }

  close(): void {
    this.#kept.clear();
    this.#database.close();
  }

  #prepare(sql: string): Prepared {
    const kept = this.#kept.get(sql);
    if (kept) this.#kept.delete(sql);
    const prepared = kept ?? this.#prepareNew(sql);
    if (CHANGES_TABLES.test(sql)) this.#kept.clear();
    else this.#kept.set(sql, prepared);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return prepared;
  }

  #prepareNew(sql: string): Prepared {
    const statement = this.#database.prepare(sql);
    if (!statement.reader) return { statement, columns: [], columnTypes: [] };
    const columns = statement.raw(true).columns();
    return { statement, columns: columns.map(({ name }) => name), columnTypes: columns.map(({ type }) => type ?? "") };
  }
}

function isLarge(sql: string, values: readonly unknown[]): boolean {
  let characters = sql.length;
  for (const value of values) if (typeof value === "string") characters += value.length;
  return characters > KEPT_CHARACTERS;
}
