import { z } from "zod";
import type { Actor } from "@/lib/access/actor";
import { authorize, can } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { networkProblem } from "@/lib/net/address-set";
import { entriesOf } from "@/lib/settings/fields";
import { readSettings, writeSettings } from "@/lib/settings/settings";
import type { RefusedCall } from "./refused-calls";
import { type AutomaticIp, automaticIps } from "./trusted-addresses";

/** The form: addresses and networks, one a line, and whether other callers are refused. */
export const trustedIpsInput = z.object({
  manual: z
    .string()
    .max(20_000)
    .transform((text, issues) => {
      const entries = [...new Set(entriesOf(text))];
      for (const entry of entries) {
        const problem = networkProblem(entry);
        if (problem) issues.addIssue(problem);
      }
      return entries;
    }),
  isEnforced: z.boolean(),
});

const refusedReason: z.ZodType<RefusedCall["reason"]> = z.enum(["untrusted", "token", "proxy"]);

/** A refused caller as root sees it. */
export interface RefusedCaller {
  readonly id: number;
  readonly address: string;
  readonly username: string;
  readonly tokenName: string;
  /** "" when it is not known. */
  readonly call: string;
  readonly reason: RefusedCall["reason"];
  readonly count: number;
  /** Epoch milliseconds. */
  readonly lastAt: number;
}

export interface TrustedIps {
  readonly isEnforced: boolean;
  readonly manual: readonly string[];
  readonly automatic: readonly AutomaticIp[];
  /** Newest first. */
  readonly refused: readonly RefusedCaller[];
}

/** @throws AppError "forbidden" for anyone but root. */
export async function getTrustedIps(ctx: Context, actor: Actor): Promise<TrustedIps> {
  authorize(actor, "settings.manage");
  const { client } = ctx.db;
  const [settings, automatic, calls] = await Promise.all([
    readSettings(client, "trustedIps"),
    automaticIps(ctx),
    client.refusedCall.findMany({ orderBy: [{ lastAt: "desc" }, { id: "desc" }] }),
  ]);
  const users = await client.user.findMany({
    where: { id: { in: calls.map(({ userId }) => userId) } },
    select: { id: true, username: true },
  });
  const nameOf = new Map(users.map(({ id, username }) => [id, username]));
  const refused = calls.map(({ id, address, userId, tokenName, call, reason, count, lastAt }) => ({
    ...{ id, address, tokenName, call, count },
    username: nameOf.get(userId) ?? "",
    reason: refusedReason.catch("untrusted").parse(reason),
    lastAt: Number(lastAt),
  }));
  return { ...settings, automatic, refused };
}

/** How many callers were refused; 0 for anyone but root. */
export async function countRefused(ctx: Context, actor: Actor): Promise<number> {
  return can(actor, "settings.manage") ? ctx.db.client.refusedCall.count() : 0;
}

/** @throws AppError "forbidden" */
export async function setTrustedIps(
  ctx: Context,
  actor: Actor,
  input: z.output<typeof trustedIpsInput>,
): Promise<void> {
  authorize(actor, "settings.manage");
  await ctx.db.transaction(async (tx) => {
    const at = ctx.clock.now();
    await recordAudit(tx, actor, { at, action: "trusted-ips.change", subject: "trusted IPs", detail: input });
    await writeSettings(tx, "trustedIps", input);
  });
  publish("cluster");
}

const texts = z.array(z.string());

/**
 * Lets a refused caller in from its next call on: its address becomes a trusted IP, or one of the token's own where the token has some.
 * @throws AppError "forbidden", "not-found"
 */
export async function trustRefused(ctx: Context, actor: Actor, input: { id: number }): Promise<{ address: string }> {
  authorize(actor, "settings.manage");
  const address = await ctx.db.transaction(async (tx) => {
    const at = ctx.clock.now();
    const refused = await tx.refusedCall.findUnique({ where: { id: input.id } });
    if (!refused) throw missing();
    if (refused.reason === "proxy") throw unnamedProxy(refused.address);
    const token = await tx.apiToken.findUnique({ where: { id: refused.tokenId } });
    // The list that is left is everybody's: an address is not put there for a token that is gone.
    if (!token) throw missing();
    const allowed = texts.parse(JSON.parse(token.allowedIps));
    if (allowed.length > 0) {
      const allowedIps = JSON.stringify([...new Set([...allowed, refused.address])]);
      await tx.apiToken.update({ where: { id: token.id }, data: { allowedIps } });
    } else {
      const { manual } = await readSettings(tx, "trustedIps");
      await writeSettings(tx, "trustedIps", { manual: [...new Set([...manual, refused.address])] });
    }
    await tx.refusedCall.delete({ where: { id: refused.id } });
    const detail = { token: refused.tokenName };
    await recordAudit(tx, actor, { at, action: "trusted-ips.trust", subject: refused.address, detail });
    return refused.address;
  });
  publish("cluster");
  return { address };
}

/** Takes a refused caller off the list; its next call puts it there again. @throws AppError "forbidden", "not-found" */
export async function forgetRefused(ctx: Context, actor: Actor, input: { id: number }): Promise<void> {
  authorize(actor, "settings.manage");
  const { count } = await ctx.db.client.refusedCall.deleteMany({ where: { id: input.id } });
  if (count === 0) throw missing();
  publish("cluster");
}

/** To trust its address would be to trust everybody whose calls it hands on. */
function unnamedProxy(address: string): AppError {
  const message = `Name the proxy at ${address} in ZONEFLEET_TRUSTED_PROXIES. Then its callers are known, and can be trusted one by one.`;
  return new AppError("invalid-input", message);
}

function missing(): AppError {
  return new AppError("not-found", "This caller is not on the list any more. Reload the page.");
}
