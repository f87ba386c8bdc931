import type { Propagation, PropagationStep } from "@/lib/proof/queries-propagation";

export const SERIES = ["p50", "p95", "p99"] as const;
export type Series = (typeof SERIES)[number];

/** Where things are in a chart of unit size: 0 at its left and top, 1 at its right and bottom. Waits are on a logarithmic scale, from milliseconds to hours. */
export interface ChartScale {
  readonly ticks: readonly { readonly ms: number; readonly y: number }[];
  x(index: number): number;
  y(ms: number): number;
}

/** What an axis of waits is labelled with. */
const TICKS = [1, 10, 100, 1_000, 10_000, 60_000, 600_000, 3_600_000, 36_000_000, 360_000_000, 3_600_000_000];

export function chartScale({ steps }: Pick<Propagation, "steps">): ChartScale {
  const waits = steps.flatMap((step) => SERIES.flatMap((series) => step[series] ?? []));
  const [least, most] = [Math.max(1, Math.min(...waits)), Math.max(1, ...waits)];
  const last = TICKS.length - 1;
  const low = Math.min(
    Math.max(
      0,
      TICKS.findLastIndex((tick) => tick <= least),
    ),
    last - 1,
  );
  const found = TICKS.findIndex((tick) => tick >= most);
  const high = Math.max(found === -1 ? last : found, low + 1);
  const ticks = TICKS.slice(low, high + 1);
  const [bottom, top] = [Math.log(ticks[0] ?? 1), Math.log(ticks.at(-1) ?? 10)];
  const y = (ms: number) => 1 - (Math.log(Math.max(ms, ticks[0] ?? 1)) - bottom) / (top - bottom);
  return {
    ticks: ticks.map((ms) => ({ ms, y: y(ms) })),
    x: (index) => (index + 0.5) / steps.length,
    y,
  };
}

/** The path of one series in a box of this size; where nothing changed it is broken, and a step between two such breaks is a dot. */
export function seriesPath(
  steps: readonly PropagationStep[],
  series: Series,
  scale: ChartScale,
  box: { width: number; height: number },
): string {
  let isDrawing = false;
  const parts = steps.map((step, index) => {
    const ms = step[series];
    if (ms === null) {
      isDrawing = false;
      return "";
    }
    const at = `${(scale.x(index) * box.width).toFixed(1)} ${(scale.y(ms) * box.height).toFixed(1)}`;
    const part = isDrawing ? `L${at}` : `M${at}h0`;
    isDrawing = true;
    return part;
  });
  return parts.join("");
}
