import { type Actor, actorId, actorName } from "@/lib/access/actor";
import type { Queryable } from "@/lib/db/database";

/** Writes the audit row; call it in the transaction that does what it tells. `detail` holds no secret. */
export async function recordAudit(
  tx: Queryable,
  actor: Actor,
  event: { at: number; action: `${string}.${string}`; subject: string; detail?: Record<string, unknown> },
): Promise<void> {
  await tx.auditEvent.create({
    data: {
      at: BigInt(event.at),
      actorId: actorId(actor),
      actorName: actorName(actor),
      address: actor.kind === "user" ? (actor.address ?? null) : null,
      action: event.action,
      subject: event.subject,
      detail: JSON.stringify(event.detail ?? {}),
    },
  });
}
