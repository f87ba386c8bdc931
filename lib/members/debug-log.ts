import { appendFile, mkdir, open, rename, stat } from "node:fs/promises";
import path from "node:path";
import type { Context } from "@/lib/context";
import { logger } from "@/lib/logger";

const log = logger("members");

/** A file is put aside at this size, and the one put aside before it is dropped: debug mode never takes more than twice as much a member. */
const MAX_BYTES = 2_000_000;
/** How much of the end of a file is read to show the latest transactions. */
const TAIL_BYTES = 64_000;

/** One exchange with a member as debug mode records it. Holds no credential and no zone text. */
export interface DebugTransaction {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly operation: string;
  readonly method: string;
  /** Octets. */
  readonly sent: number;
  readonly received: number;
  readonly durationMs: number;
  /** null: it succeeded. */
  readonly error: string | null;
}

/** The folder in which debug mode records. */
export function debugLogFolder(ctx: Context): string {
  return path.join(ctx.env.dataDir, "log");
}

/** Where a member's transactions are recorded, one JSON object a line. Named by id: a hostname can change, and is no safe file name everywhere. */
export function debugLogPath(ctx: Context, memberId: number): string {
  return path.join(debugLogFolder(ctx), `member-${memberId}.jsonl`);
}

/** Writes of one process follow each other, so that lines are whole and in order. */
let writes: Promise<void> = Promise.resolve();

/** Records one exchange; never fails and never holds up the exchange itself. A disk that is full is told once a line in the server's log. */
export function recordTransaction(ctx: Context, memberId: number, transaction: Omit<DebugTransaction, "at">): void {
  const line = `${JSON.stringify({ at: new Date(ctx.clock.now()).toISOString(), ...transaction })}\n`;
  const file = debugLogPath(ctx, memberId);
  writes = writes
    .then(() => append(file, line))
    .catch((error: unknown) => log.warn("A debug transaction could not be written.", { file, error }));
}

async function append(file: string, line: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  if ((await sizeOf(file)) + line.length > MAX_BYTES) await rename(file, `${file}.1`);
  await appendFile(file, line, { mode: 0o600 });
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
}

/** A recorded exchange with where it stands in the file: a name for it. */
export type RecordedTransaction = DebugTransaction & { readonly position: number };

/** The latest transactions, newest first; empty when none were recorded. */
export async function recentTransactions(ctx: Context, memberId: number, limit = 25): Promise<RecordedTransaction[]> {
  await writes;
  const file = debugLogPath(ctx, memberId);
  const size = await sizeOf(file);
  if (size === 0) return [];
  const handle = await open(file, "r");
  try {
    const start = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    return readLines(buffer.subarray(0, bytesRead), start).slice(-limit).reverse();
  } finally {
    await handle.close();
  }
}

function readLines(bytes: Buffer, start: number): RecordedTransaction[] {
  const found: RecordedTransaction[] = [];
  // Read from the middle of a file, the first line is the end of one.
  let at = start === 0 ? 0 : bytes.indexOf("\n") + 1;
  for (let end = bytes.indexOf("\n", at); end >= 0; end = bytes.indexOf("\n", at)) {
    found.push({ ...(JSON.parse(bytes.toString("utf8", at, end)) as DebugTransaction), position: start + at });
    at = end + 1;
  }
  return found;
}
