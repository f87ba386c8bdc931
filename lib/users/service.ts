import type { z } from "zod";
import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import type { Queryable } from "@/lib/db/database";
import { AppError } from "@/lib/errors";
import { randomAlphanumeric } from "@/lib/ids";
import { DEFAULT_RESELLER_ACLS } from "@/lib/tokens/acls";
import { hashPassword } from "./password";
import { privilegesOf } from "./privileges";
import type { newUser, userListQuery, userPassword, userSuspension } from "./schemas";

/** A user as root sees them. Instants are epoch milliseconds. */
export interface UserRow {
  readonly id: number;
  readonly username: string;
  readonly role: string;
  readonly email: string | null;
  readonly suspendedAt: number | null;
  readonly createdAt: number;
  readonly zones: number;
  readonly tokens: number;
  readonly members: number;
  /** WHM's ACL names that a reseller has; none for root, who has all. */
  readonly privileges: readonly string[];
  /** Null: no limit. */
  readonly zoneLimit: number | null;
  readonly memberLimit: number | null;
}

export interface UserList {
  readonly rows: readonly UserRow[];
  readonly total: number;
  readonly page: number;
  readonly pageSize: number;
}

const PAGE_SIZE = 50;

/** 20 characters: 119 bits. */
const MADE_PASSWORD = 20;

/** One page of the users whose name or address holds `q`, by name. @throws AppError "forbidden" for anyone but root. */
export async function listUsers(ctx: Context, actor: Actor, query: z.output<typeof userListQuery>): Promise<UserList> {
  authorize(actor, "user.manage");
  const { client } = ctx.db;
  const q = query.q.trim().toLowerCase();
  const where = q === "" ? {} : { OR: [{ username: { contains: q } }, { email: { contains: q } }] };
  const [total, users] = await Promise.all([
    client.user.count({ where }),
    client.user.findMany({ where, orderBy: { username: "asc" }, skip: (query.page - 1) * PAGE_SIZE, take: PAGE_SIZE }),
  ]);
  const ids = users.map((user) => user.id);
  const [zones, tokens, members] = await Promise.all([
    client.zone.groupBy({ by: ["ownerId"], where: { ownerId: { in: ids }, deletedAt: null }, _count: true }),
    client.apiToken.groupBy({ by: ["userId"], where: { userId: { in: ids } }, _count: true }),
    client.member.groupBy({ by: ["ownerId"], where: { ownerId: { in: ids } }, _count: true }),
  ]);
  const zonesOf = new Map(zones.map((group) => [group.ownerId, group._count]));
  const tokensOf = new Map(tokens.map((group) => [group.userId, group._count]));
  const membersOf = new Map(members.map((group) => [group.ownerId, group._count]));
  const rows = users.map((user) => ({
    id: user.id,
    username: user.username,
    role: user.role,
    email: user.email,
    suspendedAt: user.suspendedAt === null ? null : Number(user.suspendedAt),
    createdAt: Number(user.createdAt),
    zones: zonesOf.get(user.id) ?? 0,
    tokens: tokensOf.get(user.id) ?? 0,
    members: membersOf.get(user.id) ?? 0,
    privileges: privilegesOf(user).privileges ?? [],
    zoneLimit: user.zoneLimit,
    memberLimit: user.memberLimit,
  }));
  return { rows, total, page: query.page, pageSize: PAGE_SIZE };
}

/**
 * Makes a reseller.
 * @returns the password when the server made it: it is shown this once.
 * @throws AppError "forbidden", "conflict" (`fields.username`)
 */
export async function createUser(
  ctx: Context,
  actor: Actor,
  input: Pick<z.output<typeof newUser>, "username" | "email" | "password"> & Partial<z.output<typeof newUser>>,
): Promise<{ id: number; username: string; madePassword: string | null }> {
  authorize(actor, "user.manage");
  const { username, email, privileges = DEFAULT_RESELLER_ACLS, zoneLimit = null, memberLimit = null } = input;
  const { password, madePassword } = choosePassword(input.password);
  const passwordHash = await hashPassword(password);
  const at = ctx.clock.now();
  const user = await ctx.db.transaction(async (tx) => {
    await recordAudit(tx, actor, {
      at,
      action: "user.create",
      subject: username,
      detail: { role: "reseller", privileges, zoneLimit, memberLimit },
    });
    if (await tx.user.findUnique({ where: { username }, select: { id: true } }))
      throw new AppError("conflict", `There is a user ${username} already. Choose another name.`, {
        fields: { username: "This name is taken." },
      });
    const granted = { acls: JSON.stringify(privileges), zoneLimit, memberLimit };
    return tx.user.create({
      data: { username, email, passwordHash, role: "reseller", ...granted, createdAt: BigInt(at) },
    });
  });
  return { id: user.id, username, madePassword };
}

/**
 * Suspends a reseller, which ends every session at once, or lifts the suspension. Their zones stay served.
 * @throws AppError "forbidden" (also for root itself), "not-found"
 */
export async function setSuspended(ctx: Context, actor: Actor, input: z.output<typeof userSuspension>): Promise<void> {
  authorize(actor, "user.manage");
  const at = ctx.clock.now();
  const { isSuspended } = input;
  await ctx.db.transaction(async (tx) => {
    const user = await reseller(tx, input.userId);
    if ((user.suspendedAt !== null) === isSuspended) return;
    await tx.user.update({
      where: { id: user.id },
      data: isSuspended ? { suspendedAt: BigInt(at), sessionEpoch: { increment: 1 } } : { suspendedAt: null },
    });
    await recordAudit(tx, actor, { at, action: isSuspended ? "user.suspend" : "user.resume", subject: user.username });
  });
}

/**
 * Gives a reseller a new password and ends their sessions.
 * @returns the password when the server made it: it is shown this once.
 * @throws AppError "forbidden" (also for root, who changes their own in their account), "not-found"
 */
export async function resetPassword(
  ctx: Context,
  actor: Actor,
  input: z.output<typeof userPassword>,
): Promise<{ username: string; madePassword: string | null }> {
  authorize(actor, "user.manage");
  const { password, madePassword } = choosePassword(input.password);
  const passwordHash = await hashPassword(password);
  return ctx.db.transaction(async (tx) => {
    const { id, username } = await reseller(tx, input.userId);
    await tx.user.update({ where: { id }, data: { passwordHash, sessionEpoch: { increment: 1 } } });
    await tx.signInFailure.deleteMany({ where: { key: `user:${username}` } });
    await recordAudit(tx, actor, { at: ctx.clock.now(), action: "user.reset-password", subject: username });
    return { username, madePassword };
  });
}

function choosePassword(given: string | undefined): { password: string; madePassword: string | null } {
  const password = given ?? randomAlphanumeric(MADE_PASSWORD);
  return { password, madePassword: given === undefined ? password : null };
}

async function reseller(tx: Queryable, id: number) {
  const user = await tx.user.findUnique({ where: { id } });
  if (!user) throw new AppError("not-found", "There is no such user. Reload the page.");
  if (user.role === "root") throw new AppError("forbidden", "This cannot be done to root.");
  return user;
}
