import { validateZone } from "@/lib/dns/validate";
import type { Zone, ZoneProblem } from "@/lib/dns/zone";
import { parseZoneFile } from "@/lib/dns/zone-file";
import { AppError } from "@/lib/errors";

/** A zone that passed every check, and what is doubtful about it. */
export interface CheckedZone {
  readonly zone: Zone;
  readonly warnings: readonly ZoneProblem[];
}

function refuse(name: string, problems: readonly ZoneProblem[]): never {
  const errors = problems.filter((problem) => problem.severity === "error");
  const [first] = errors;
  const place = first?.line ? `Line ${first.line}: ` : "";
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  throw new AppError(
    "invalid-input",
    `${name.replace(/\.$/, "")} was not saved. ${place}${first?.message ?? "The text holds no zone."}${more}`,
    {
      details: { problems },
    },
  );
}

/**
 * Reads a zone file and checks what it says.
 * @throws AppError "invalid-input" with `details.problems`: every error with its line and what to do.
 */
export function checkZoneText(
  name: string,
  text: string,
  defaultTtl?: number,
): CheckedZone & { updatedAt: number | null } {
  const { zone, problems, lines, stamp } = parseZoneFile(text, { origin: name, defaultTtl });
  const all = zone ? [...problems, ...validateZone(zone, lines)] : problems;
  if (!zone || all.some((problem) => problem.severity === "error")) return refuse(name, all);
  return { zone, warnings: all, updatedAt: stamp?.updatedAt ?? null };
}

/** Checks a zone that was put together from records. @throws AppError "invalid-input" with `details.problems`. */
export function checkZone(zone: Zone): CheckedZone {
  const problems = validateZone(zone);
  if (problems.some((problem) => problem.severity === "error")) return refuse(zone.apex, problems);
  return { zone, warnings: problems };
}
