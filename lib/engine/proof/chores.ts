import type { Context } from "@/lib/context";
import { tellDrift } from "@/lib/notifications/sources/drift";
import { tellSilentNameservers } from "@/lib/notifications/sources/silent-nameservers";
import type { Chore } from "../chores";
import { createAddressWatch } from "./address-watch";
import { contentChore } from "./content";
import { sweepChore } from "./sweep";
import type { LocalAddresses } from "./swept-targets";
import { createTargetAddresses } from "./target-addresses";

/** How soon it is told that something differs, after the grace of two minutes. */
const DRIFT_MS = 15_000;

/** What is really served, looked at over and over. */
export function proofChores(ctx: Context, local: LocalAddresses): Chore[] {
  const watch = createAddressWatch(ctx.clock.now);
  return [sweepChore(ctx, local, watch, createTargetAddresses(ctx)), contentChore(ctx, local, watch), driftChore(ctx)];
}

function driftChore(ctx: Context): Chore {
  return {
    name: "proof-drift",
    everyMs: DRIFT_MS,
    async run() {
      await tellDrift(ctx);
      await tellSilentNameservers(ctx);
      return false;
    },
  };
}
