/**
 * One line of JSON per event on standard error. Values under a key that looks like a secret are never written;
 * callers still pass none (this is the second fence, not the first).
 */
const SECRET_KEY = /pass|token|secret|credential|authorization|cookie|apikey|privatekey/i;

export type LogLevel = "debug" | "info" | "warn" | "error";
export type LogFields = Record<string, unknown>;

const ORDER: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };
let threshold: LogLevel = "info";

/** Sets the least severe level that is written. Called once at start from the validated environment. */
export function setLogLevel(level: LogLevel): void {
  threshold = level;
}

function plain(key: string, value: unknown): unknown {
  if (key !== "" && SECRET_KEY.test(key)) return "[removed]";
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Error)
    return { name: value.name, message: value.message, stack: value.stack, cause: value.cause };
  return value;
}

function write(level: LogLevel, area: string, message: string, fields: LogFields = {}): void {
  if (ORDER[level] < ORDER[threshold]) return;
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), level, area, message, ...fields }, plain)}\n`);
}

/** A logger for one area, such as "engine" or "nameserver". */
export function logger(area: string) {
  return {
    debug: (message: string, fields?: LogFields) => write("debug", area, message, fields),
    info: (message: string, fields?: LogFields) => write("info", area, message, fields),
    warn: (message: string, fields?: LogFields) => write("warn", area, message, fields),
    error: (message: string, fields?: LogFields) => write("error", area, message, fields),
  };
}
