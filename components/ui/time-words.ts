/** Units with their size in ms, largest first. */
const UNITS: readonly [unit: Intl.RelativeTimeFormatUnit, size: number][] = [
  ["year", 31_536_000_000],
  ["month", 2_592_000_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** "3 minutes ago". Under five seconds it is "now". */
export function relativeWords(at: number, now: number): string {
  const distance = at - now;
  if (Math.abs(distance) < 5_000) return "now";
  const [unit, size] = UNITS.find(([, size]) => Math.abs(distance) >= size) ?? (["second", 1_000] as const);
  return words.format(Math.trunc(distance / size), unit);
}

/** "2026-11-20 09:41:07 UTC" */
export function utcWords(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
