"use server";

import { z } from "zod";
import { action } from "@/lib/auth/action";
import { refreshMembers } from "@/lib/cluster/check-members";
import { requestResync, retryNow } from "@/lib/cluster/resync";
import { clusterOptionsSchema, clusterStatusSchema } from "@/lib/cluster/schemas";
import { setClusterEnabled, setClusterOptions } from "@/lib/cluster/settings";
import { memberEditSchema, memberIdSchema, memberRoleSchema, newMemberSchema } from "@/lib/members/schemas";
import { addMember, deleteMember, setMemberRole, testConnection, updateMember } from "@/lib/members/service";

export const changeClusterStatus = action(clusterStatusSchema, async ({ status }, { ctx, actor }) => {
  await setClusterEnabled(ctx, actor, status === "enabled");
});

export const changeClusterOptions = action(clusterOptionsSchema, async (options, { ctx, actor }) => {
  await setClusterOptions(ctx, actor, options);
});

export const testNewMember = action(newMemberSchema, (input, { ctx, actor }) => testConnection(ctx, actor, input));

export const submitNewMember = action(newMemberSchema, (input, { ctx, actor }) => addMember(ctx, actor, input));

export const testMember = action(memberEditSchema, (input, { ctx, actor }) => testConnection(ctx, actor, input));

export const submitMember = action(memberEditSchema, (input, { ctx, actor }) => updateMember(ctx, actor, input));

export const saveRole = action(memberRoleSchema, (input, { ctx, actor }) => setMemberRole(ctx, actor, input));

export const removeMember = action(memberIdSchema, (input, { ctx, actor }) => deleteMember(ctx, actor, input));

export const checkNow = action(memberIdSchema, (input, { ctx, actor }) => refreshMembers(ctx, actor, input));

export const checkAllNow = action(z.object({}), (_, { ctx, actor }) => refreshMembers(ctx, actor));

export const tryAgainNow = action(memberIdSchema, ({ id }, { ctx, actor }) => retryNow(ctx, actor, { memberId: id }));

export const synchronizeAgain = action(memberIdSchema, ({ id }, { ctx, actor }) =>
  requestResync(ctx, actor, { memberId: id }),
);
