"use server";

import { revalidatePath } from "next/cache";
import { action } from "@/lib/auth/action";
import { metricsInput, setMetrics } from "@/lib/metrics/settings";
import { sendTestMail, setMailServer, setWebhook } from "@/lib/notifications/channel-settings";
import { mailInput, testMailInput, webhookInput } from "@/lib/notifications/schemas";
import {
  nameserverInput,
  proofInput,
  serverInput,
  setNameserver,
  setProof,
  setServer,
  setZoneDefaults,
  zonesInput,
} from "@/lib/settings/service";

export const saveServer = action(serverInput, async (input, { ctx, actor }) => {
  await setServer(ctx, actor, input);
  revalidatePath("/", "layout");
  return true;
});

export const saveNameserver = action(nameserverInput, async (input, { ctx, actor }) => {
  await setNameserver(ctx, actor, input);
  revalidatePath("/settings");
  return true;
});

export const saveZoneDefaults = action(zonesInput, async (input, { ctx, actor }) => {
  await setZoneDefaults(ctx, actor, input);
  revalidatePath("/settings");
  return true;
});

export const saveProof = action(proofInput, async (input, { ctx, actor }) => {
  await setProof(ctx, actor, input);
  revalidatePath("/", "layout");
  return true;
});

export const saveMailServer = action(mailInput, async (input, { ctx, actor }) => {
  await setMailServer(ctx, actor, input);
  revalidatePath("/", "layout");
  return true;
});

/** Answers with the signing secret when one was made. */
export const saveWebhook = action(webhookInput, async (input, { ctx, actor }) => {
  const secret = await setWebhook(ctx, actor, input);
  revalidatePath("/settings");
  return { secret };
});

/** Answers with the token when one was made. */
export const saveMetrics = action(metricsInput, async (input, { ctx, actor }) => {
  const token = await setMetrics(ctx, actor, input);
  revalidatePath("/settings");
  return { token };
});

export const testMail = action(testMailInput, (input, { ctx, actor }) => sendTestMail(ctx, actor, input));
