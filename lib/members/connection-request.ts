import { type Actor, actorId } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { resolveMember } from "@/lib/drivers/http/resolve-member";
import { AppError, DriverError } from "@/lib/errors";
import type { Member } from "@/prisma/generated/sqlite/client";
import { backendOf } from "./backends";
import type { ConnectionRequest } from "./check-connection";
import { memberToken } from "./credential";
import { findMember } from "./queries";
import type { MemberInput } from "./schemas";

/** A form's input; `id` when it is about a member that exists, whose stored token is used where `token` is empty. */
export type MemberForm = MemberInput & { readonly id?: number; readonly accountId?: number };

/**
 * Puts together what a connection needs: for a member that exists, with its stored token where none was entered.
 * @throws AppError "not-found"; "invalid-input" when the host changed and the token was not entered again
 */
export async function connectionRequest(ctx: Context, actor: Actor, input: MemberForm): Promise<ConnectionRequest> {
  const form = withEndpoint(ctx, input);
  if (form.id === undefined) return { ...form, ownerId: await ownerOf(ctx, actor, form.accountId) };
  const member = await findMember(ctx, actor, form.id);
  const request = { ...form, memberId: member.id, ownerId: member.ownerId };
  if (form.token !== "") return request;
  if (form.hostname === member.hostname && form.port === member.port)
    return { ...request, token: memberToken(ctx, member) };
  const credential = backendOf(form.backend).isService ? "API key" : "API token";
  const message = `Enter the ${credential} again: the stored one is only ever sent to the server that it was entered for.`;
  throw new AppError("invalid-input", message, { fields: { token: message } });
}

/** A hosted service is where it is, whatever a form says. */
function withEndpoint(ctx: Context, form: MemberForm): MemberForm {
  const { value } = backendOf(form.backend);
  if (value === "whm") return form;
  const { hostname, port } = ctx.env.services[value];
  return { ...form, hostname, port };
}

/** The server itself acts for root, as at first start. */
async function ownerOf(ctx: Context, actor: Actor, accountId?: number): Promise<number> {
  if (accountId !== undefined) {
    authorize(actor, "cluster.manage", accountId);
    const account = await ctx.db.client.user.findUnique({ where: { id: accountId }, select: { id: true } });
    if (!account) throw new AppError("not-found", "There is no such account.");
    return accountId;
  }
  return (
    actorId(actor) ??
    (await ctx.db.client.user.findFirstOrThrow({ where: { role: "root" }, orderBy: { id: "asc" } })).id
  );
}

/** Whether the way to the member changed: by the form, or because its name leads elsewhere now. */
export async function needsTest(ctx: Context, member: Member, input: MemberForm): Promise<boolean> {
  const form = withEndpoint(ctx, input);
  const isSame =
    form.token === "" &&
    form.hostname === member.hostname &&
    form.port === member.port &&
    form.username === member.username &&
    form.pin === member.pin;
  if (!isSame) return true;
  try {
    return (await resolveMember(member.hostname, ctx.env.allowedMemberNetworks)) !== member.address;
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    // The name does not resolve at the moment: the stored address stays, and what was changed is not about the connection.
    return false;
  }
}
