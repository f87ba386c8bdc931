import { validateZone } from "@/lib/dns/validate";
import type { Zone, ZoneProblem } from "@/lib/dns/zone";
import { parseZoneFile } from "@/lib/dns/zone-file";

export interface CheckedText {
  /** null when there is an error. */
  readonly zone: Zone | null;
  readonly problems: readonly ZoneProblem[];
  readonly errors: number;
  readonly records: number;
}

/** Reads and checks a zone file in the browser as the server will, for problems beside the text while somebody types. */
export function checkText(text: string, apex: string, defaultTtl?: number): CheckedText {
  const { zone, problems, lines } = parseZoneFile(text, { origin: apex, defaultTtl });
  const all = zone ? [...problems, ...validateZone(zone, lines)] : problems;
  const errors = all.filter((problem) => problem.severity === "error").length;
  const records = zone?.rrsets.reduce((sum, rrset) => sum + rrset.rdatas.length, 0) ?? 0;
  return { zone: errors > 0 ? null : zone, problems: all, errors, records };
}

/** The lines with an error, to mark them. */
export function badLines(problems: readonly ZoneProblem[]): ReadonlySet<number> {
  return new Set(problems.flatMap(({ severity, line }) => (severity === "error" && line !== undefined ? [line] : [])));
}
