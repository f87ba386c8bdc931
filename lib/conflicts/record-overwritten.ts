import type { Context } from "@/lib/context";
import { takeSequence } from "@/lib/db/sequence";
import { digestZone } from "@/lib/dns/digest";
import { soaOf } from "@/lib/dns/zone-build";
import { AppError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { checkZoneText } from "@/lib/zones/check-zone";
import { textOf } from "@/lib/zones/commit-revision";
import { originOf } from "@/lib/zones/writers";
import { findZone } from "@/lib/zones/zone-row";
import { recordConflict } from "./record";

/**
 * A member's older copy is replaced by ours although it is not the one that the member accepted: somebody changed it there. It is kept here, since nobody else keeps it,
 * and before it is replaced. A sending that fails is made again, and finds it kept.
 * @param input.seq what is sent. The zone may have been edited or deleted since: the copy is replaced all the same.
 */
export async function recordOverwritten(
  ctx: Context,
  input: { memberId: number; name: string; seq: number; text: string },
): Promise<void> {
  const read = () => {
    try {
      return checkZoneText(input.name, input.text).zone;
    } catch (error) {
      // What is no zone cannot be restored.
      if (error instanceof AppError) return null;
      throw error;
    }
  };
  const theirs = read();
  if (!theirs) return;
  const copy = { text: textOf({ zone: theirs }), serial: soaOf(theirs).serial, digest: digestZone(theirs) };
  await ctx.db.transaction(async (tx) => {
    await takeSequence(tx, 0);
    const zone = await findZone(tx, input.name);
    if (!zone) return;
    const origin = await originOf(tx, input.memberId, null, false);
    const sent = { ...zone, seq: input.seq };
    const met = { zone: sent, copy, wonSeq: input.seq, isOursLost: false, isContested: false };
    await recordConflict(tx, origin, met, ctx.clock.now());
  }, "conflict.overwritten");
  publish("zones");
}
