import { type Actor, actorId } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { createChangeSet } from "./change-set";

/** An import that comes in parts goes on no longer than this. */
const LONGEST_MS = 86_400_000;

/**
 * The change set of an import: a new one for its first part, the one of the first part for the others.
 * @param given the number that the first part was answered with; undefined: this is the first
 * @throws AppError "forbidden"; "not-found" for one that is none of the asker's
 */
export async function openImport(ctx: Context, actor: Actor, given: number | undefined): Promise<number> {
  authorize(actor, "zone.create");
  const at = ctx.clock.now();
  return ctx.db.transaction(async (tx) => {
    if (given === undefined) return createChangeSet(tx, actor, { kind: "import", state: "done", at });
    const own = { id: given, kind: "import", actorId: actorId(actor), createdAt: { gt: BigInt(at - LONGEST_MS) } };
    if ((await tx.changeSet.count({ where: own })) > 0) return given;
    throw new AppError("not-found", "There is no such import going on. Start it again.");
  });
}
