"use server";

import { redirect } from "next/navigation";
import { action } from "@/lib/auth/action";
import type { ActionError } from "@/lib/auth/action-result";
import { approvePlan, rejectPlan } from "@/lib/sync-jobs/approval";
import { keepHere } from "@/lib/sync-jobs/keep-here";
import { applyRequest, approveRequest, jobIdSchema, planRequest, repairRequest } from "@/lib/sync-jobs/schemas";
import { applyPlan, cancelJob, pauseJob, resumeJob, startPlan, startRepair } from "@/lib/sync-jobs/service";

/** The form as it was filled in, and why it was refused. */
export interface PlanFormState {
  readonly entered: {
    choice: string;
    zone: string;
    memberId: string;
    accountId: string;
    addMissing: boolean;
  } | null;
  readonly error: ActionError | null;
}

const makePlan = action(planRequest, (input, { ctx, actor }) => startPlan(ctx, actor, input));

/** Asks for a plan and goes to its page. */
export async function preparePlan(_before: PlanFormState, form: FormData): Promise<PlanFormState> {
  const entered = {
    choice: text(form, "choice"),
    zone: text(form, "zone"),
    memberId: text(form, "memberId"),
    accountId: text(form, "accountId"),
    addMissing: form.has("addMissing"),
  };
  const result = await makePlan({
    ...entered,
    choice: entered.choice as "one-here",
    memberId: entered.memberId === "" ? null : Number(entered.memberId),
    accountId: entered.accountId === "" ? null : Number(entered.accountId),
  });
  if (!result.ok) return { entered, error: result.error };
  redirect(`/synchronize/${result.data.id}`);
}

export const applySyncPlan = action(applyRequest, (input, { ctx, actor }) => applyPlan(ctx, actor, input));

/** *Repair*, wherever a difference is shown: asks for a plan, to which the page goes. */
export const repair = action(repairRequest, (input, { ctx, actor }) => startRepair(ctx, actor, input));

export const approveSync = action(approveRequest, (input, { ctx, actor }) => approvePlan(ctx, actor, input));

export const rejectSync = action(approveRequest, (input, { ctx, actor }) => rejectPlan(ctx, actor, input));

/** Rejects a plan of copies that wait, and sends what is here in their place. */
export const keepWhatIsHere = action(approveRequest, (input, { ctx, actor }) => keepHere(ctx, actor, input));

export const pauseSync = action(jobIdSchema, (input, { ctx, actor }) => pauseJob(ctx, actor, input));

export const resumeSync = action(jobIdSchema, (input, { ctx, actor }) => resumeJob(ctx, actor, input));

export const cancelSync = action(jobIdSchema, (input, { ctx, actor }) => cancelJob(ctx, actor, input));

function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
