import { appendFile, mkdir, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { Context } from "@/lib/context";
import { logger } from "@/lib/logger";

const log = logger("members");

/** A file is put aside at this size, and the one put aside before it is dropped: debug mode never takes more than twice as much a member. */
const MAX_BYTES = 4_000_000;

const transaction = z.object({
  /** ISO 8601, UTC. */
  at: z.string(),
  operation: z.string(),
  method: z.string(),
  /** Octets. */
  sent: z.number(),
  received: z.number(),
  durationMs: z.number(),
  /** null: it succeeded. */
  error: z.string().nullable(),
  /** Beginnings of what was sent and what came back, of drivers that can show it. */
  request: z.string().optional(),
  reply: z.string().optional(),
});

/** One exchange with a member as debug mode records it. Holds no credential. */
export type DebugTransaction = Readonly<z.infer<typeof transaction>>;

/** The folder in which debug mode records. */
export function debugLogFolder(ctx: Context): string {
  return path.join(ctx.env.dataDir, "log");
}

/** Where a member's transactions are recorded, one JSON object a line. Named by id: a hostname can change, and is no safe file name everywhere. */
export function debugLogPath(ctx: Context, memberId: number): string {
  return path.join(debugLogFolder(ctx), `member-${memberId}.jsonl`);
}

/** The file in use and the one that was put aside, oldest first. */
function filesOf(ctx: Context, memberId: number): string[] {
  const file = debugLogPath(ctx, memberId);
  return [`${file}.1`, file];
}

/** What one process does with the files follows each other, so that lines are whole and in order. */
let work: Promise<void> = Promise.resolve();

/** Records one exchange; never fails and never holds up the exchange itself. A disk that is full is told once a line in the server's log. */
export function recordTransaction(ctx: Context, memberId: number, exchange: Omit<DebugTransaction, "at">): void {
  const line = `${JSON.stringify({ at: new Date(ctx.clock.now()).toISOString(), ...exchange })}\n`;
  const file = debugLogPath(ctx, memberId);
  work = work
    .then(() => append(file, line))
    .catch((error: unknown) => log.warn("A debug transaction could not be written.", { file, error }));
}

async function append(file: string, line: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  if ((await sizeOf(file)) + Buffer.byteLength(line) > MAX_BYTES) await rename(file, `${file}.1`);
  await appendFile(file, line, { mode: 0o600 });
}

async function sizeOf(file: string): Promise<number> {
  return (await unlessMissing(stat(file)))?.size ?? 0;
}

async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** A recorded exchange with its number: 0 is the oldest that is kept. */
export type RecordedTransaction = DebugTransaction & { readonly position: number };

/** Everything that is recorded of a member, oldest first, as it stands in the files. Holds at most twice the size at which a file is put aside. */
export async function readDebugLog(ctx: Context, memberId: number): Promise<Buffer> {
  await work;
  const parts: Buffer[] = [];
  for (const file of filesOf(ctx, memberId)) parts.push((await unlessMissing(readFile(file))) ?? Buffer.alloc(0));
  return Buffer.concat(parts);
}

/** The recorded transactions, newest first. A line that a crash left half is passed over. */
export async function recordedTransactions(ctx: Context, memberId: number): Promise<RecordedTransaction[]> {
  const lines = (await readDebugLog(ctx, memberId)).toString("utf8").split("\n");
  return lines
    .flatMap((line, position) => {
      const read = line === "" ? undefined : readLine(line);
      return read ? [{ ...read, position }] : [];
    })
    .reverse();
}

function readLine(line: string): DebugTransaction | undefined {
  try {
    return transaction.safeParse(JSON.parse(line)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Forgets what was recorded of a member. @throws Error of the file system */
export async function dropDebugLog(ctx: Context, memberId: number): Promise<void> {
  const dropping = work.then(async () => {
    for (const file of filesOf(ctx, memberId)) await rm(file, { force: true });
  });
  work = dropping.catch(() => undefined);
  await dropping;
}
