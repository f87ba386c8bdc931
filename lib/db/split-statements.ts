/**
 * Splits a migration into its statements at semicolons outside of quotes and comments. Prisma runs one statement a call.
 * Dollar quoting is not known here: migrations do not use it.
 */
export function splitStatements(sql: string): string[] {
  const statements: string[] = [];
  let current = "";
  const token = /--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|;|[^;'"-]+|-/g;
  for (const [part] of sql.matchAll(token)) {
    if (part.startsWith("--")) continue;
    if (part === ";") {
      statements.push(current.trim());
      current = "";
    } else {
      current += part;
    }
  }
  statements.push(current.trim());
  return statements.filter((statement) => statement !== "");
}
