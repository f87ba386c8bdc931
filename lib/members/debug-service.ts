import { z } from "zod";
import type { Actor } from "@/lib/access/actor";
import { can } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { debugLogPath, dropDebugLog, type RecordedTransaction, readDebugLog, recordedTransactions } from "./debug-log";
import { memberName } from "./member-name";
import { findMember } from "./queries";

/** What the page of a member's transactions asks for. Anything unreadable in an address falls back to its default. */
export const debugQuery = z.object({
  /** Part of the command, the request, the reply or the error. */
  q: z.string().max(200).catch("").default(""),
  /** A command's name; empty: all of them. */
  command: z.string().max(100).catch("").default(""),
  outcome: z.enum(["all", "done", "failed"]).catch("all").default("all"),
  page: z.coerce.number().int().min(1).max(1_000_000).catch(1).default(1),
});
export type DebugQuery = z.output<typeof debugQuery>;

/** A member's recorded transactions. */
export interface DebugView {
  readonly memberName: string;
  /** Whether exchanges are recorded now. */
  readonly isOn: boolean;
  /** Where they are recorded on this server; null for who does not administer it. */
  readonly path: string | null;
  /** Newest first: one page of those that match. */
  readonly rows: readonly RecordedTransaction[];
  readonly total: number;
  /** Of all that are kept, whether they match or not. */
  readonly recorded: number;
  /** Every command that was recorded, by name. */
  readonly commands: readonly string[];
  readonly page: number;
  readonly pageSize: number;
}

const PAGE_SIZE = 50;

/** One page of what debug mode recorded of a member. @throws AppError "not-found", "forbidden" */
export async function debugTransactions(
  ctx: Context,
  actor: Actor,
  { id, ...query }: DebugQuery & { id: number },
): Promise<DebugView> {
  const member = await findMember(ctx, actor, id);
  const all = await recordedTransactions(ctx, id);
  const found = all.filter((entry) => matches(entry, query));
  const start = (query.page - 1) * PAGE_SIZE;
  return {
    memberName: memberName(member),
    isOn: member.debug,
    path: can(actor, "cluster.settings") ? debugLogPath(ctx, id) : null,
    rows: found.slice(start, start + PAGE_SIZE),
    total: found.length,
    recorded: all.length,
    commands: [...new Set(all.map(({ operation }) => operation))].sort(),
    page: query.page,
    pageSize: PAGE_SIZE,
  };
}

function matches(entry: RecordedTransaction, { q, command, outcome }: DebugQuery): boolean {
  if (command !== "" && entry.operation !== command) return false;
  if (outcome !== "all" && (entry.error === null) !== (outcome === "done")) return false;
  const wanted = q.trim().toLowerCase();
  const texts = [entry.operation, entry.request, entry.reply, entry.error];
  return wanted === "" || texts.some((text) => text?.toLowerCase().includes(wanted));
}

/** All of it as a file to download, a JSON object a line. @throws AppError "not-found", "forbidden" */
export async function exportDebugLog(
  ctx: Context,
  actor: Actor,
  id: number,
): Promise<{ fileName: string; text: Buffer }> {
  const member = await findMember(ctx, actor, id);
  const name = memberName(member).replace(/[^a-z0-9.-]/gi, "_");
  return { fileName: `transactions-${name}.jsonl`, text: await readDebugLog(ctx, id) };
}

/** Forgets what was recorded of a member; debug mode stays as it is. @throws AppError "not-found", "forbidden" */
export async function clearDebugLog(ctx: Context, actor: Actor, { id }: { id: number }): Promise<void> {
  const member = await findMember(ctx, actor, id);
  await ctx.db.transaction((tx) =>
    recordAudit(tx, actor, { at: ctx.clock.now(), action: "member.debug-clear", subject: memberName(member) }),
  );
  await dropDebugLog(ctx, id);
}
