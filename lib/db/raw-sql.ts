import type { Client, InValue, Value } from "@libsql/client";
import { Prisma } from "@/prisma/generated/sqlite/client";

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

/** Runs a statement. Values come as Prisma gives them: BIGINT columns as bigint, other numbers as numbers. */
export async function runRaw(client: Client, { sql, values }: Sql): Promise<RawResult> {
  const { columns, columnTypes, rows, rowsAffected } = await client.execute({ sql, args: values as InValue[] });
  const readers = columnTypes.map((type) => READERS[type.toUpperCase()] ?? asItIs);
  return {
    rows: rows.map((row) =>
      Object.fromEntries(columns.map((name, index) => [name, readers[index]?.(row[index] ?? null) ?? null])),
    ),
    changes: rowsAffected,
  };
}

const asItIs = (value: Value) => (value instanceof ArrayBuffer ? new Uint8Array(value) : value);

/** By declared type, as the migrations write it. */
const READERS: Readonly<Record<string, (value: Value) => unknown>> = {
  BIGINT: (value) => (typeof value === "number" ? BigInt(value) : value),
  BOOLEAN: (value) => (value === null ? null : Boolean(value)),
};

/** Prisma's $queryRaw and $executeRaw, for tagged templates and `sql` values, where `runner` is the right one; the rest of `client` as it is. */
export function withDirectSql<C extends object>(client: C, runner: RawRunner | null): C {
  if (!runner) return client;
  const direct = (property: "$queryRaw" | "$executeRaw", of: (result: RawResult) => unknown) => {
    const stock = Reflect.get(client, property) as (query: unknown, ...values: unknown[]) => PromiseLike<unknown>;
    return (query: TemplateStringsArray | Sql, ...values: unknown[]) => {
      const statement = "raw" in query ? Prisma.sql(query, ...values) : query;
      return runner.canRun(statement) ? runner.run(statement).then(of) : stock.call(client, statement);
    };
  };
  const own: Readonly<Record<string | symbol, unknown>> = {
    $queryRaw: direct("$queryRaw", ({ rows }) => rows),
    $executeRaw: direct("$executeRaw", ({ changes }) => changes),
  };
  return new Proxy(client, {
    get(target, property) {
      if (Object.hasOwn(own, property)) return own[property];
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
