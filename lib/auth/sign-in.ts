import type { UserActor } from "@/lib/access/actor";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { logger } from "@/lib/logger";
import { verifyNobody, verifyPassword } from "@/lib/users/password";
import type { SessionClaims } from "./session-token";
import { addressKey, FAILURE_MEMORY_MS, SIGN_IN_RULES, signInWait, waitWords } from "./sign-in-limit";

const log = logger("sign-in");

/** Advisory lock of PostgreSQL; any number that nothing else takes. */
const ATTEMPT_LOCK = 72_707_370;

export interface SignInInput {
  readonly username: string;
  readonly password: string;
  /** Numeric address of the caller; "" when unknown. */
  readonly address: string;
}

/**
 * Checks a username and a password.
 * @returns what a session of this user carries.
 * @throws AppError "rate-limited" (the message says how long to wait), "unauthenticated", or "forbidden" for a suspended user who knew the password.
 */
export async function signIn(ctx: Context, input: SignInInput): Promise<SessionClaims> {
  const username = input.username.trim().toLowerCase();
  const attempt = await beginAttempt(ctx, username, input.address);
  const user = await ctx.db.client.user.findUnique({ where: { username } });
  const isRight = user ? await verifyPassword(user.passwordHash, input.password) : await verifyNobody(input.password);
  if (!user || !isRight) {
    // The name is left out: people type passwords into the wrong field.
    log.warn("A sign-in failed", { address: input.address, userId: user?.id });
    throw new AppError("unauthenticated", "The username or the password is not right.");
  }
  if (user.suspendedAt !== null)
    throw new AppError("forbidden", "This user is suspended. Ask root to lift the suspension.");
  const actor: UserActor = {
    kind: "user",
    userId: user.id,
    username,
    role: user.role === "root" ? "root" : "reseller",
    address: input.address || undefined,
  };
  await ctx.db.transaction(async (tx) => {
    // The address keeps its other failures: a user of their own must not clear a guesser's record.
    await tx.signInFailure.deleteMany({ where: { OR: [{ key: attempt.userKey }, { id: { in: attempt.ids } }] } });
    await recordAudit(tx, actor, { at: ctx.clock.now(), action: "session.start", subject: username });
  });
  return { userId: user.id, epoch: user.sessionEpoch };
}

/**
 * Counts the attempt as failed before it is made, so that many at once do not slip by together; success takes it back.
 * @throws AppError "rate-limited"
 */
export async function beginAttempt(
  ctx: Context,
  username: string,
  address: string,
): Promise<{ userKey: string; ids: number[] }> {
  const now = ctx.clock.now();
  const userKey = `user:${username.slice(0, 64)}`;
  const keys = [
    { key: userKey, rule: SIGN_IN_RULES.user },
    { key: addressKey(address), rule: SIGN_IN_RULES.address },
  ];
  return ctx.db.transaction(async (tx) => {
    // One after the other: PostgreSQL's transactions would not see each other's attempts. SQLite's first write does the same.
    if (ctx.db.provider === "postgresql") await tx.$queryRaw`SELECT 1 FROM pg_advisory_xact_lock(${ATTEMPT_LOCK})`;
    await tx.signInFailure.deleteMany({ where: { at: { lt: BigInt(now - FAILURE_MEMORY_MS) } } });
    const ids: number[] = [];
    for (const { key, rule } of keys) {
      if (key === null) continue;
      const { _count: count, _max: last } = await tx.signInFailure.aggregate({
        where: { key },
        _count: true,
        _max: { at: true },
      });
      const wait = signInWait({ count, lastAt: Number(last.at ?? 0) }, now, rule);
      if (wait > 0) throw tooMany(wait);
      ids.push((await tx.signInFailure.create({ data: { key, at: BigInt(now) } })).id);
    }
    return { userKey, ids };
  });
}

function tooMany(waitMs: number): AppError {
  return new AppError("rate-limited", `Too many sign-ins failed. Try again in ${waitWords(waitMs)}.`, {
    details: { waitMs },
  });
}
