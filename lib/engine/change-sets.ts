import { applyChangeSlice } from "@/lib/change-sets/apply-slice";
import { planChangeSlice } from "@/lib/change-sets/plan-slice";
import type { Context } from "@/lib/context";
import { logger } from "@/lib/logger";
import type { Chore } from "./chores";

const log = logger("change-sets");

/** Somebody watches the page: work begins after no longer than this. */
const LOOK_MS = 300;
/** Change sets that take turns, a slice each: one of many zones keeps none of a few waiting. */
const AT_ONCE = 20;

/**
 * Carries out what was asked for about many zones: bulk edits and undoing. All state is in the database: whoever dies in the middle is replaced by the next
 * turn, here or in another process.
 */
export function changeSetChore(ctx: Context): Chore {
  return {
    name: "change-sets",
    everyMs: LOOK_MS,
    run: async (signal) => {
      const due = await ctx.db.client.changeSet.findMany({
        where: { state: { in: ["planning", "running"] } },
        orderBy: { id: "asc" },
        select: { id: true, state: true },
        take: AT_ONCE,
      });
      let hasMore = false;
      for (const { id, state } of due) {
        if (signal.aborted) return false;
        const slice = state === "planning" ? planChangeSlice : applyChangeSlice;
        try {
          if (await slice(ctx, id)) hasMore = true;
        } catch (error) {
          // The next turn tries it again; the others do not wait for that.
          log.error("a change set could not go on", { changeSet: id, error });
        }
      }
      return hasMore;
    },
  };
}
