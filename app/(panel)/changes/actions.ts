"use server";

import { redirect } from "next/navigation";
import { action } from "@/lib/auth/action";
import type { ActionError } from "@/lib/auth/action-result";
import { applyReplace, cancelChangeSet, planReplace, tickZones } from "@/lib/change-sets/replace";
import { changeSetIdSchema, replaceRequest, tickRequest, undoZoneRequest } from "@/lib/change-sets/schemas";
import { undoChangeSet, undoOneZone } from "@/lib/change-sets/undo";
import type { ReplaceableType } from "@/lib/dns/replace-value";

/** The form as it was filled in, and why it was refused. */
export interface ReplaceFormState {
  readonly entered: Readonly<Record<"type" | "from" | "to" | "ttl" | "within" | "reason", string>> | null;
  readonly error: ActionError | null;
}

const makePlan = action(replaceRequest, (input, { ctx, actor }) => planReplace(ctx, actor, input));

/** Asks which zones have a value, and goes to the plan. */
export async function prepareReplace(_before: ReplaceFormState, form: FormData): Promise<ReplaceFormState> {
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === "string" ? value : "";
  };
  const entered = {
    ...{ type: text("type"), from: text("from"), to: text("to") },
    ...{ ttl: text("ttl").trim(), within: text("within"), reason: text("reason") },
  };
  const result = await makePlan({ ...entered, type: entered.type as ReplaceableType });
  if (!result.ok) return { entered, error: result.error };
  redirect(`/changes/${result.data.id}`);
}

/** Takes zones of a plan in, or leaves them out. */
export const tickPlanned = action(tickRequest, (input, { ctx, actor }) => tickZones(ctx, actor, input));

/** Carries a plan out. */
export const applyChanges = action(changeSetIdSchema, (input, { ctx, actor }) => applyReplace(ctx, actor, input));

/** Ends what is under way, or gives a plan up. */
export const cancelChanges = action(changeSetIdSchema, (input, { ctx, actor }) => cancelChangeSet(ctx, actor, input));

/** Takes back all that nothing came after. */
export const undoChanges = action(changeSetIdSchema, (input, { ctx, actor }) => undoChangeSet(ctx, actor, input));

/** Takes one zone back that was edited since. */
export const undoChangeOfZone = action(undoZoneRequest, (input, { ctx, actor }) => undoOneZone(ctx, actor, input));
