"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "@/lib/auth/action";
import type { ActionError } from "@/lib/auth/action-result";
import { refreshMembers } from "@/lib/cluster/check-members";
import { requestResync, retryNow } from "@/lib/cluster/resync";
import { clusterOptionsSchema, clusterStatusSchema } from "@/lib/cluster/schemas";
import { setClusterEnabled, setClusterOptions } from "@/lib/cluster/settings";
import { autoEnableInput, setAutoEnable, setUniqueCluster, uniqueClusterInput } from "@/lib/cluster/unique-cluster";
import { syncNow } from "@/lib/engine/sync-now";
import { removeLeftCopies } from "@/lib/members/left-copies";
import { pauseMembers, resumeMembers } from "@/lib/members/pause-members";
import {
  memberEditSchema,
  memberIdSchema,
  memberPauseSchema,
  memberResumeSchema,
  memberRoleSchema,
  memberRolesSchema,
  newMemberSchema,
} from "@/lib/members/schemas";
import { deleteMember, setMemberRoles, testConnection, updateMember } from "@/lib/members/service";
import { checkTrust } from "@/lib/trust/check";
import { addToCluster, setUpTrust } from "@/lib/trust/set-up";

/** State of a form that is posted plainly: what was entered, to show it again, and why it was refused. */
export interface FormState<T> {
  readonly entered: T | null;
  readonly error: ActionError | null;
}

const saveStatus = action(clusterStatusSchema, ({ status }, { ctx, actor }) =>
  setClusterEnabled(ctx, actor, status === "enabled"),
);

export async function changeClusterStatus(_before: FormState<string>, form: FormData): Promise<FormState<string>> {
  const status = text(form, "status");
  const result = await saveStatus({ status: status as "enabled" });
  if (!result.ok) return { entered: status, error: result.error };
  redirect("/cluster/changed/status");
}

/** The options form as it was filled in. */
export interface EnteredOptions {
  readonly threshold: string;
  readonly customThreshold: string;
  readonly notify: boolean;
  readonly autoEnable: boolean;
}

const saveOptions = action(clusterOptionsSchema, (options, { ctx, actor }) => setClusterOptions(ctx, actor, options));

export async function changeClusterOptions(
  _before: FormState<EnteredOptions>,
  form: FormData,
): Promise<FormState<EnteredOptions>> {
  const entered = {
    threshold: text(form, "threshold"),
    customThreshold: text(form, "customThreshold"),
    notify: form.has("notify"),
    autoEnable: form.has("autoEnable"),
  };
  const result = await saveOptions({ ...entered, threshold: entered.threshold as "default" });
  if (!result.ok) return { entered, error: result.error };
  redirect("/cluster/changed/options");
}

export const testNewMember = action(newMemberSchema, (input, { ctx, actor }) => testConnection(ctx, actor, input));

export const submitNewMember = action(
  newMemberSchema.and(z.object({ reverseTrust: z.boolean() })),
  async (input, { ctx, actor }) => {
    const added = await addToCluster(ctx, actor, input);
    return { ...added, synced: input.syncNow ? await syncNow(ctx, actor, added) : null };
  },
);

export const testMember = action(memberEditSchema, (input, { ctx, actor }) => testConnection(ctx, actor, input));

export const submitMember = action(memberEditSchema, (input, { ctx, actor }) => updateMember(ctx, actor, input));

export const saveRole = action(memberRoleSchema, ({ id, role }, { ctx, actor }) =>
  setMemberRoles(ctx, actor, { ids: [id], role }),
);

export const saveRoles = action(memberRolesSchema, (input, { ctx, actor }) => setMemberRoles(ctx, actor, input));

export const pauseServers = action(memberPauseSchema, (input, { ctx, actor }) => pauseMembers(ctx, actor, input));

export const resumeServers = action(memberResumeSchema, (input, { ctx, actor }) => resumeMembers(ctx, actor, input));

export const saveUniqueCluster = action(uniqueClusterInput, (input, { ctx, actor }) =>
  setUniqueCluster(ctx, actor, input),
);

export const saveAutoEnable = action(autoEnableInput, (input, { ctx, actor }) => setAutoEnable(ctx, actor, input));

export const removeCopies = action(
  z.object({ memberId: z.number().int(), zoneIds: z.array(z.number().int()).min(1).max(500) }),
  (input, { ctx, actor }) => removeLeftCopies(ctx, actor, input),
);

export const removeMember = action(memberIdSchema, (input, { ctx, actor }) => deleteMember(ctx, actor, input));

export const checkNow = action(memberIdSchema, (input, { ctx, actor }) => refreshMembers(ctx, actor, input));

export const checkAllNow = action(z.object({}), (_, { ctx, actor }) => refreshMembers(ctx, actor));

export const setUpReverseTrust = action(memberIdSchema, (input, { ctx, actor }) => setUpTrust(ctx, actor, input));

export const checkTrustNow = action(memberIdSchema, (input, { ctx, actor }) => checkTrust(ctx, actor, input));

export const tryAgainNow = action(memberIdSchema, ({ id }, { ctx, actor }) => retryNow(ctx, actor, { memberId: id }));

export const synchronizeAgain = action(memberIdSchema, ({ id }, { ctx, actor }) =>
  requestResync(ctx, actor, { memberId: id }),
);

function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
