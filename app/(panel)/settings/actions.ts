"use server";

import { revalidatePath } from "next/cache";
import { action } from "@/lib/auth/action";
import {
  nameserverInput,
  serverInput,
  setNameserver,
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
