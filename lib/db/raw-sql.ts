import { Prisma, type PrismaClient } from "@/prisma/generated/sqlite/client";
import type { SqliteConnection, SqliteValue } from "./sqlite-connection";

type Sql = ReturnType<typeof Prisma.sql>;

/** What a raw statement gave: rows for one that returns some, and how many it changed. */
export interface RawResult {
  readonly rows: readonly Record<string, unknown>[];
  readonly changes: number;
}

/** Runs raw statements on one connection. */
export interface RawRunner {
  /** Whether this connection is the right one for the statement. */
  canRun(statement: Sql): boolean;
  run(statement: Sql): Promise<RawResult>;
}

/** Runs a statement. Values come as Prisma gives them: BIGINT columns as bigint, other numbers as numbers. @throws SqliteError */
export function runRaw(connection: Pick<SqliteConnection, "run">, { sql, values }: Sql): RawResult {
  const { columns, columnTypes, rows, changes } = connection.run(sql, values);
  const readers = columnTypes.map((type) => READERS[type.toUpperCase()]);
  const read = (row: readonly SqliteValue[]) => {
    const record: Record<string, unknown> = {};
    for (const [index, name] of columns.entries()) {
      const value = row[index] ?? null;
      record[name] = value === null ? null : (readers[index]?.(value) ?? value);
    }
    return record;
  };
  return { rows: rows.map(read), changes };
}

/** By declared type, as the migrations write it. */
const READERS: Readonly<Record<string, (value: string | number) => unknown>> = {
  BIGINT: (value) => BigInt(value),
  BOOLEAN: (value) => value !== 0,
};

/** Prisma's $queryRaw and $executeRaw, for tagged templates and `sql` values, where `runner` is the right one; the rest of `client` as it is. */
export function withDirectSql<C extends object>(client: C, runner: RawRunner | null): C {
  if (!runner) return client;
  const direct = (property: "$queryRaw" | "$executeRaw", of: (result: RawResult) => unknown) => {
    const stock = Reflect.get(client, property) as (query: unknown, ...values: unknown[]) => PromiseLike<unknown>;
    return (query: TemplateStringsArray | Sql, ...values: unknown[]) => {
      const statement = statementOf(query, values);
      return runner.canRun(statement) ? runner.run(statement).then(of) : stock.call(client, statement);
    };
  };
  const own: Readonly<Record<string | symbol, unknown>> = {
    $queryRaw: direct("$queryRaw", rowsOf),
    $executeRaw: direct("$executeRaw", changesOf),
  };
  return new Proxy(client, {
    get(target, property) {
      if (Object.hasOwn(own, property)) return own[property];
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** The same where there is no client of Prisma's. */
export function rawClient(runner: RawRunner): Pick<PrismaClient, "$queryRaw" | "$executeRaw"> {
  const client = {
    $queryRaw: (query: TemplateStringsArray | Sql, ...values: unknown[]) =>
      runner.run(statementOf(query, values)).then(rowsOf),
    $executeRaw: (query: TemplateStringsArray | Sql, ...values: unknown[]) =>
      runner.run(statementOf(query, values)).then(changesOf),
  };
  // Prisma's promises can be batched, which nobody does with these.
  return client as unknown as Pick<PrismaClient, "$queryRaw" | "$executeRaw">;
}

const rowsOf = ({ rows }: RawResult) => rows;
const changesOf = ({ changes }: RawResult) => changes;

function statementOf(query: TemplateStringsArray | Sql, values: readonly unknown[]): Sql {
  return "raw" in query ? Prisma.sql(query, ...values) : query;
}
