import { type Actor, actorId, actorName } from "@/lib/access/actor";
import { type RawQueryable, sql } from "@/lib/db/database";

/** Writes the audit row; call it in the transaction that does what it tells. `detail` holds no secret. */
export async function recordAudit(
  tx: RawQueryable,
  actor: Actor,
  event: { at: number; action: `${string}.${string}`; subject: string; detail?: Record<string, unknown> },
): Promise<void> {
  const address = actor.kind === "user" ? (actor.address ?? null) : null;
  const detail = JSON.stringify(event.detail ?? {});
  await tx.$executeRaw(sql`
    INSERT INTO "AuditEvent" ("at", "actorId", "actorName", "address", "action", "subject", "detail")
    VALUES (${event.at}, ${actorId(actor)}, ${actorName(actor)}, ${address}, ${event.action}, ${event.subject}, ${detail})`);
}
