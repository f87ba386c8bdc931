import type { Context } from "@/lib/context";
import type { Queryable } from "@/lib/db/database";
import type { DriverErrorKind } from "@/lib/errors";
import type { Member } from "@/prisma/generated/sqlite/client";
import { type Trust, type TrustFacts, trustState } from "./trust-state";

const instant = (value: bigint | null) => (value === null ? null : Number(value));

/** The trust with each of the members, from what is stored: nobody is asked here. By member id. */
export async function readTrusts(
  db: Queryable,
  { clock }: Pick<Context, "clock">,
  members: readonly Member[],
): Promise<Map<number, Trust>> {
  const ids = members.flatMap(({ trustTokenId }) => trustTokenId ?? []);
  const tokens = await db.apiToken.findMany({
    where: { id: { in: ids } },
    select: { id: true, expiresAt: true },
  });
  const expiryOf = new Map(tokens.map((token) => [token.id, instant(token.expiresAt)]));
  const now = clock.now();
  const tokenOf = ({ trustTokenId }: Member): TrustFacts["token"] => {
    if (trustTokenId === null) return "none";
    const expiresAt = expiryOf.get(trustTokenId);
    if (expiresAt === undefined) return "revoked";
    return expiresAt !== null && expiresAt <= now ? "expired" : "valid";
  };
  return new Map(
    members.map((member) => [
      member.id,
      trustState({
        backend: member.backend,
        role: member.role,
        kind: member.kind,
        pin: member.pin,
        token: tokenOf(member),
        there: member.trustThere,
        detail: member.trustDetail,
        checkedAt: instant(member.trustAt),
        lastAnswerAt: instant(member.lastAnswerAt),
        lastErrorAt: instant(member.lastErrorAt),
        lastErrorKind: member.lastErrorKind as DriverErrorKind | null,
        lastError: member.lastError,
      }),
    ]),
  );
}
