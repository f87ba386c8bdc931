import type { Context } from "@/lib/context";

/**
 * What a member's sealed token is bound to: its row. The hostname would bind it to more, but a row's id never changes, and `updateMember`
 * asks for the token again when the host does.
 */
export function credentialPurpose(memberId: number): string {
  return `member:${memberId}`;
}

/** @throws AppError "unavailable" when the server's key is another one than the token was sealed with. */
export function memberToken(ctx: Context, member: { id: number; sealedCredential: string }): string {
  return ctx.secrets.open(member.sealedCredential, credentialPurpose(member.id));
}
