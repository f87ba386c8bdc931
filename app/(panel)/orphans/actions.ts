"use server";

import { action } from "@/lib/auth/action";
import {
  adoptOrphansInput,
  guardsInput,
  keepOrphansInput,
  listAgainInput,
  removeOrphansInput,
} from "@/lib/orphans/schemas";
import { adoptOrphans, keepOrphans, listOrphansAgain, removeOrphans, setGuards } from "@/lib/orphans/service";

/** Asks for the plan, to which the page goes. */
export const removeThem = action(removeOrphansInput, (input, { ctx, actor }) => removeOrphans(ctx, actor, input));

export const takeThemIn = action(adoptOrphansInput, (input, { ctx, actor }) => adoptOrphans(ctx, actor, input));

export const keepThem = action(keepOrphansInput, async (input, { ctx, actor }) => {
  await keepOrphans(ctx, actor, input);
  return { kept: input.ids.length };
});

export const listThemAgain = action(listAgainInput, async (input, { ctx, actor }) => {
  await listOrphansAgain(ctx, actor, input);
  return { listed: input.ids.length };
});

export const saveGuards = action(guardsInput, async (input, { ctx, actor }) => {
  await setGuards(ctx, actor, input);
  return { saved: true };
});
