import type { EverywhereSummary } from "@/lib/proof/queries-everywhere";

const figure = new Intl.NumberFormat("en");

/** How far the zones are served, in a sentence without its full stop: the time of the last look may follow. */
export function everywhereSentence(summary: Omit<EverywhereSummary, "lookedAt">): string {
  const { zones, notEverywhere, isCapped, targets, verifiable, isShared } = summary;
  if (zones === 0) return "There are no zones yet";
  if (targets === 0) return "No nameserver takes zones yet";
  if (notEverywhere > 0) {
    const count = `${isCapped ? "More than " : ""}${figure.format(notEverywhere)} of ${figure.format(zones)}`;
    return `${count} zones ${notEverywhere === 1 ? "is" : "are"} not yet served everywhere`;
  }
  const all = zones === 1 ? "The one zone is" : `All ${figure.format(zones)} zones are`;
  const rest = targets - verifiable;
  const accepted = `accepted by ${figure.format(rest)} of which DNS cannot tell more`;
  if (verifiable === 0) return `${all} ${accepted}`;
  if (rest > 0) return `${all} served by ${nameservers(verifiable)}, and ${accepted}`;
  if (!isShared) return `${all} served by every nameserver that they go to`;
  return `${all} served by ${targets === 1 ? `${zones === 1 ? "its" : "their"} nameserver` : `all ${nameservers(targets)}`}`;
}

function nameservers(count: number): string {
  return `${figure.format(count)} ${count === 1 ? "nameserver" : "nameservers"}`;
}
