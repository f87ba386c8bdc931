import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import type { Queryable } from "@/lib/db/database";
import type { TargetStatus } from "@/lib/drivers/driver";
import { AppError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { dropEpisode, forgetMembers } from "@/lib/notifications/episodes";
import { forgetOrphans } from "@/lib/orphans/forget";
import { endTrustTokens } from "@/lib/trust/trust-token";
import type { Member } from "@/prisma/generated/sqlite/client";
import { backendOf } from "./backends";
import { type ConnectionCheck, type ConnectionRequest, checkConnection } from "./check-connection";
import type { MemberProblem } from "./connection-problem";
import { connectionRequest, type MemberForm, needsTest } from "./connection-request";
import { credentialPurpose } from "./credential";
import { dropDebugLog } from "./debug-log";
import type { DnsRole } from "./dns-role";
import { findDuplicate } from "./duplicate";
import { assertMemberRoom } from "./member-limit";
import { memberName } from "./member-name";
import { closeMemberDriver } from "./open-driver";
import { isOtherServer } from "./other-server";
import { findMember } from "./queries";
import { statusColumns } from "./record";
import type { MemberInput } from "./schemas";
import { serviceAccount } from "./service-account";
import { dropTarget, fitTarget } from "./target-row";

/**
 * Test connection: says whether the server can be a member as entered, or exactly what is in the way. Changes nothing.
 * @throws AppError "not-found", "invalid-input" (a token is missing), "forbidden"
 */
export async function testConnection(ctx: Context, actor: Actor, form: MemberForm): Promise<ConnectionCheck> {
  authorize(actor, "cluster.manage", form.accountId);
  return checkConnection(ctx, await connectionRequest(ctx, actor, form));
}

/**
 * Adds a server to the cluster after the same test.
 * @param input.accountId whose cluster, when it is not the actor's own: root manages it as that account
 * @throws AppError "invalid-input" or "conflict" with `details.problem` (MemberProblem) when the test finds something wrong
 */
export async function addMember(
  ctx: Context,
  actor: Actor,
  input: MemberInput & { accountId?: number },
): Promise<{ id: number }> {
  authorize(actor, "cluster.manage", input.accountId);
  const request = await connectionRequest(ctx, actor, input);
  const { address, status } = await mustConnect(ctx, request);
  const id = await inTransaction(ctx, request, insertMember(ctx, actor, request, { address, status }));
  announce(ctx);
  return { id };
}

/**
 * What adds a member, for a transaction of the caller's: who asks was authorized, and `request` was tested with this outcome.
 * @returns gives the new member's id. @throws AppError "conflict" when it is in the cluster already
 */
export function insertMember(
  ctx: Context,
  actor: Actor,
  request: ConnectionRequest,
  { address, status }: { address: string; status: TargetStatus },
): (tx: Queryable) => Promise<number> {
  return async (tx) => {
    const now = ctx.clock.now();
    await recordAudit(tx, actor, {
      at: now,
      action: "member.add",
      subject: requestName(request),
      detail: { address, port: request.port, username: request.username, role: request.role, pin: request.pin },
    });
    await assertNoDuplicate(tx, request, status);
    await assertMemberRoom(tx, request.ownerId);
    const member = await tx.member.create({
      data: {
        ...connectionColumns(request, address),
        ...statusColumns(ctx, status),
        ownerId: request.ownerId,
        backend: request.backend,
        role: request.role,
        sealedCredential: "",
        lastAnswerAt: BigInt(now),
        createdAt: BigInt(now),
      },
    });
    await sealToken(ctx, tx, member.id, request.token);
    await fitTarget(tx, member, now);
    return member.id;
  };
}

/**
 * Changes a member. Its connection is tested again when something about it changed, so role and debug mode can be changed while it is down.
 * @throws AppError as addMember; "not-found"
 */
export async function updateMember(ctx: Context, actor: Actor, form: MemberForm & { id: number }): Promise<void> {
  const member = await findMember(ctx, actor, form.id);
  const request = await connectionRequest(ctx, actor, form);
  const check = (await needsTest(ctx, member, form)) ? await mustConnect(ctx, request) : null;
  await inTransaction(ctx, request, async (tx) => {
    const now = ctx.clock.now();
    const contact = check
      ? {
          ...statusColumns(ctx, check.status),
          lastAnswerAt: BigInt(afterFailure(now, member)),
        }
      : {};
    const isOther = isOtherServer(member, request, check);
    // The server that it was keeps the token that it was given.
    if (isOther) {
      await endTrustTokens(tx, actor, { memberId: member.id }, { at: now, why: "its member is another server now" });
      await dropEpisode(tx, ctx, { event: "trust-broken", key: `member:${member.id}` });
    }
    const changed = await tx.member.update({
      where: { id: member.id },
      data: {
        ...connectionColumns(request, check?.address ?? member.address),
        role: request.role,
        ...(isOther ? { nameserver: "", ...NO_TRUST } : {}),
        ...contact,
        trustDueAt: 0n,
      },
    });
    if (check) await tx.member.updateMany({ where: { id: member.id, ...NOT_DISABLED }, data: NO_FAILURES });
    await assertNoDuplicate(tx, request, check?.status);
    if (form.token !== "") await sealToken(ctx, tx, member.id, form.token);
    // What another account holds was never acknowledged.
    if (changed.account !== member.account) await dropTarget(tx, member.id);
    await fitTarget(tx, changed, now);
    // What was wrong may be right now: no reason to wait for the next try.
    if (check) await tx.target.updateMany({ where: { memberId: member.id }, data: { retryAt: 0n, attempts: 0 } });
    await recordAudit(tx, actor, {
      at: now,
      action: "member.update",
      subject: memberName(changed),
      detail: changesOf(member, changed, form.token !== ""),
    });
  });
  announce(ctx);
}

/** Nothing is known of the new server's half. */
const NO_TRUST = { trustTokenId: null, trustThere: null, trustDetail: null, trustAt: null } as const;

/**
 * Members of which a test of the connection says that what was wrong is over, asked of the row as it stands: it may have been disabled while the test was made.
 * One that is disabled, or was enabled by itself and is catching up, stays in its episode.
 */
const NOT_DISABLED = { disabledAt: null, recoveringAt: null } as const;
const NO_FAILURES = { failures: 0, firstFailureAt: null, lastFailureAt: null } as const;

/**
 * Changes what this server does towards members, from the table's menu or for several at once: all of them or, when one is not the actor's, none.
 * @returns how many had another role before
 * @throws AppError "not-found"; "invalid-input" for a role that the backend of one of them cannot have
 */
export async function setMemberRoles(
  ctx: Context,
  actor: Actor,
  input: { ids: readonly number[]; role: DnsRole },
): Promise<{ changed: number }> {
  const members: Member[] = [];
  for (const id of new Set(input.ids)) members.push(await findMember(ctx, actor, id));
  const others = members.filter((member) => member.role !== input.role);
  if (others.length === 0) return { changed: 0 };
  for (const { backend } of others) {
    const { roles, shortLabel } = backendOf(backend);
    if (!roles.includes(input.role))
      throw new AppError("invalid-input", `${shortLabel} cannot have this DNS role: nothing is ever taken from it.`);
  }
  await ctx.db.transaction(async (tx) => {
    const now = ctx.clock.now();
    for (const member of others) {
      const changed = await tx.member.update({ where: { id: member.id }, data: { role: input.role } });
      await fitTarget(tx, changed, now);
      await recordAudit(tx, actor, {
        at: now,
        action: "member.role",
        subject: memberName(member),
        detail: { from: member.role, to: input.role },
      });
    }
  });
  announce(ctx);
  return { changed: others.length };
}

/** Takes a server out of the cluster: nothing is sent to it or taken from it any more. Its zones stay there. @throws AppError "not-found" */
export async function deleteMember(ctx: Context, actor: Actor, input: { id: number }): Promise<void> {
  const member = await findMember(ctx, actor, input.id);
  await ctx.db.transaction(async (tx) => {
    await recordAudit(tx, actor, {
      at: ctx.clock.now(),
      action: "member.delete",
      subject: memberName(member),
      detail: { address: member.address, role: member.role },
    });
    await dropTarget(tx, member.id);
    // It has no business here any more.
    await endTrustTokens(tx, actor, { memberId: member.id }, { at: ctx.clock.now(), why: "its member was deleted" });
    await forgetMembers(tx, [member.id], ctx.clock.now());
    await forgetOrphans(tx, ctx, [member.id]);
    await tx.member.deleteMany({ where: { id: member.id } });
  });
  await closeMemberDriver(ctx, member.id);
  // SQLite gives a freed id to the next row: another member must not come to this one's records.
  await dropDebugLog(ctx, member.id);
  announce(ctx);
}

function announce(ctx: Context): void {
  publish("cluster");
  ctx.wake();
}

async function mustConnect(
  ctx: Context,
  request: ConnectionRequest,
): Promise<{ address: string; status: TargetStatus }> {
  const check = await checkConnection(ctx, request);
  if (check.ok) return check;
  throw refusal(check.problem);
}

function refusal(problem: MemberProblem): AppError {
  const code = problem.code === "duplicate" ? "conflict" : "invalid-input";
  return new AppError(code, `${problem.title} ${problem.advice}`, { details: { problem } });
}

/** Two forms may be submitted at once: what the second one runs into is the duplicate that it would have been told of. */
async function inTransaction<T>(
  ctx: Context,
  request: ConnectionRequest,
  work: (tx: Queryable) => Promise<T>,
): Promise<T> {
  try {
    return await ctx.db.transaction(work);
  } catch (error) {
    const { code } = error as { code?: unknown };
    const problem = code === "P2002" ? await findDuplicate(ctx.db.client, request) : undefined;
    throw problem ? refusal(problem) : error;
  }
}

async function assertNoDuplicate(tx: Queryable, request: ConnectionRequest, status?: TargetStatus): Promise<void> {
  const problem = await findDuplicate(tx, request, status);
  if (problem) throw refusal(problem);
}

function connectionColumns(request: ConnectionRequest, address: string) {
  const { hostname, port, username, pin, debug } = request;
  return { hostname, port, address, username, account: serviceAccount(request), pin, debug };
}

/** What a member that is to be added will be called. */
function requestName(request: ConnectionRequest): string {
  return memberName({ ...request, remoteHostname: "" });
}

async function sealToken(ctx: Context, tx: Queryable, id: number, token: string): Promise<void> {
  const sealedCredential = ctx.secrets.seal(token, credentialPurpose(id));
  await tx.member.update({ where: { id }, data: { sealedCredential } });
}

function afterFailure(now: number, member: Member): number {
  return Math.max(now, Number(member.lastErrorAt ?? 0) + 1);
}

const AUDITED = ["hostname", "port", "address", "username", "role", "debug", "pin"] as const;

function changesOf(before: Member, after: Member, isNewToken: boolean): Record<string, unknown> {
  const changed = AUDITED.filter((column) => before[column] !== after[column]);
  return {
    ...Object.fromEntries(changed.map((column) => [column, { from: before[column], to: after[column] }])),
    ...(isNewToken ? { credential: "replaced" } : {}),
  };
}
