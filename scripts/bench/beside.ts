import { figures, ratio, triple } from "./figures";
import { addIllMembers } from "./ill-members";
import { type Bench, edits } from "./steps";
import { openTabs } from "./tabs";
import { benchZone } from "./zones";

/** Tabs that follow what happens on web1, while edits are made there. */
const TABS = 200;

/** What single edits take while something else goes on that must not hold them up, each beside the same edits without it in the same run. */
export async function measureBeside(bench: Bench, tries: number, report: (...cells: string[]) => void): Promise<void> {
  const { web1, ns1 } = bench.cluster;
  const [local = [], member = []] = await edits(bench, tries, [web1, ns1], benchZone(900_001));
  const compare = (what: string, samples: readonly number[], without: readonly number[]) => {
    const [beside, alone] = [figures(samples), figures(without)];
    const ratios = `${ratio(beside.p50, alone.p50)}, p99 ${ratio(beside.p99, alone.p99)}`;
    report(`${what}, p50 / p95 / p99`, triple(beside), `${triple(alone)} (without)`, ratios);
  };
  const tabs = await openTabs(bench, TABS);
  try {
    const [followed = []] = await edits(bench, tries, [web1], benchZone(900_002));
    compare(`edit → served by web1 with ${TABS} open tabs`, followed, local);
    report("those tabs: hints told, pages asked for", `${tabs.hints()}, ${tabs.pages()}`, "–", "–");
  } finally {
    tabs.close();
  }
  const endIllness = await addIllMembers(bench);
  const [besideIll = []] = await edits(bench, tries, [ns1], benchZone(900_003));
  compare("edit → served by ns1 beside a dead, a silent and a lying member", besideIll, member);
  await endIllness();
}
