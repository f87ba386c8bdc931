import { recordDiff, type ZoneDiff } from "@/lib/dns/diff";
import { toUnicode } from "@/lib/dns/name";

/** Shares and sizes from which losing records is worth a second look (as for plans of the cluster). */
const LARGE_SHARE = 0.3;
const LARGE_ZONE = 10;

/** What is known to hurt about a change: each a sentence that the person has to agree to before it is saved. */
export function changeRisks(diff: ZoneDiff, apex: string, recordCount: number): string[] {
  const risks: string[] = [];
  const apexSet = (type: string) => diff.rrsets.find((rrset) => rrset.owner === apex && rrset.type === type);
  const nameservers = apexSet("NS");
  if (nameservers) {
    const { removed, added } = recordDiff(nameservers);
    const names = [...removed, ...added].map(toUnicode).join(", ");
    if (names !== "")
      risks.push(
        `The zone's nameservers change (${names}). They must answer for the zone, and the registrar must list the same ones.`,
      );
  }
  if (apexSet("SOA"))
    risks.push(
      "The SOA record changes. Secondaries go by its timers, and one of zero or very long can keep old data for days.",
    );
  const lost = diff.rrsets.reduce((sum, rrset) => {
    const { removed, added } = recordDiff(rrset);
    return sum + Math.max(0, removed.length - added.length);
  }, 0);
  if (recordCount >= LARGE_ZONE && lost / recordCount > LARGE_SHARE)
    risks.push(`${lost} of ${recordCount} records are removed.`);
  return risks;
}
