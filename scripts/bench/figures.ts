/** Milliseconds that something took, many times over. */
export interface Figures {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** @param samples in any order; at least one. */
export function figures(samples: readonly number[]): Figures {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** Milliseconds with as many digits as they deserve. */
export function ms(value: number): string {
  if (value >= 10_000) return `${(value / 1_000).toFixed(1)} s`;
  if (value >= 1_000) return `${(value / 1_000).toFixed(2)} s`;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

export function triple({ p50, p95, p99 }: Figures): string {
  return [p50, p95, p99].map(ms).join(" / ");
}

/** How many times the floor. */
export function ratio(value: number, floor: number): string {
  return `${(value / floor).toFixed(value / floor < 10 ? 1 : 0)} ×`;
}

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
