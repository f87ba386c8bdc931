import { RepairButton } from "@/components/repair/repair-button";
import type { PairView } from "@/lib/proof/pairs";
import { CAUSES, type PairState } from "@/lib/proof/reason";
import { LOCAL } from "@/lib/sync-jobs/schemas";

/** What waits is sent by itself, and a nameserver that does not answer has to be reached first. */
const MENDED: ReadonlySet<PairState> = new Set(
  CAUSES.filter(({ cause, group }) => (group === "problem" && cause !== "unreachable") || group === "set-aside").map(
    ({ cause }) => cause,
  ),
);

/** The way to the plan that mends one pair; of another account's nameserver the zone is repaired wherever it differs. */
export function repairPair(pair: PairView) {
  if (!MENDED.has(pair.reason.state) || !pair.isAskable) return null;
  const at = pair.isForeign ? {} : { memberId: pair.memberId ?? LOCAL };
  return <RepairButton zone={pair.name} {...at} label={`${pair.displayName} at ${pair.label}`} />;
}
