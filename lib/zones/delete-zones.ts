import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { createChangeSet } from "@/lib/change-sets/change-set";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { deleteZone } from "./service";

/** What became of a deletion: the zones that went, and those that stayed, each with its reason. */
export interface DeleteResult {
  readonly deleted: number;
  readonly refused: readonly { readonly name: string; readonly message: string }[];
  /** By which all of it can be undone; null: nothing was deleted. */
  readonly changeSetId: number | null;
}

/** Puts zones into the recycle bin, as one change set. One that is refused holds up no other. @throws AppError "forbidden" */
export async function deleteZones(
  ctx: Context,
  actor: Actor,
  input: { names: readonly string[]; reason: string },
): Promise<DeleteResult> {
  authorize(actor, "zone.delete");
  const changeSetId = await ctx.db.transaction((tx) =>
    createChangeSet(tx, actor, { kind: "delete", state: "done", at: ctx.clock.now() }),
  );
  const refused: { name: string; message: string }[] = [];
  for (const name of input.names) {
    try {
      await deleteZone(ctx, actor, { name, reason: input.reason, changeSetId });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      refused.push({ name, message: error.message });
    }
  }
  const deleted = input.names.length - refused.length;
  return { deleted, refused, changeSetId: deleted > 0 ? changeSetId : null };
}
