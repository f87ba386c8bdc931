import type { Context } from "@/lib/context";
import type { Chore } from "../chores";
import { createAddressWatch } from "./address-watch";
import { contentChore } from "./content";
import { sweepChore } from "./sweep";
import type { LocalAddresses } from "./swept-targets";
import { createTargetAddresses } from "./target-addresses";

/** What is really served, looked at over and over. */
export function proofChores(ctx: Context, local: LocalAddresses): Chore[] {
  const watch = createAddressWatch(ctx.clock.now);
  return [sweepChore(ctx, local, watch, createTargetAddresses(ctx)), contentChore(ctx, local, watch)];
}
