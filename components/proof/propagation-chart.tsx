import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import { utcWords } from "@/components/ui/time-words";
import { latencyWords } from "@/components/zones/receipt-words";
import type { Propagation } from "@/lib/proof/queries-propagation";
import { chartScale, SERIES, type Series, seriesPath } from "./propagation-scale";

const BOX = { width: 1_000, height: 240 };

/** Colour tells the lines apart, and so does the stroke. */
const LOOK: Record<Series, { line: string; dash: string | undefined; words: string }> = {
  p50: { line: "stroke-accent", dash: undefined, words: "half of them" },
  p95: { line: "stroke-warn", dash: "7 4", words: "95 of 100" },
  p99: { line: "stroke-bad", dash: "2 4", words: "99 of 100" },
};

const WINDOW_WORDS: Record<Propagation["window"], string> = {
  hour: "the last hour",
  day: "the last 24 hours",
  week: "the last 7 days",
};

const figure = new Intl.NumberFormat("en");
const words = (ms: number | null) => (ms === null ? "—" : latencyWords(ms));

/** How long changes took until nameservers answered with them, over time: a picture, and the same as a table. Made on the server. */
export function PropagationChart({ propagation }: { propagation: Propagation }) {
  const { all, steps, window } = propagation;
  if (all.count === 0)
    return (
      <p className="p-4 text-muted">
        No change was seen served in {WINDOW_WORDS[window]}. Each one is timed from its commit until a nameserver
        answers with it.
      </p>
    );
  const scale = chartScale(propagation);
  const summary = SERIES.map((series) => `${LOOK[series].words} within ${words(all[series])}`).join(", ");
  return (
    <figure className="p-4">
      <figcaption className="mb-3 flex flex-wrap gap-x-6 gap-y-1">
        {SERIES.map((series) => (
          <span key={series} className="inline-flex items-center gap-2">
            <svg aria-hidden="true" width="28" height="8" className="shrink-0">
              <Line series={series} d="M1 4h26" />
            </svg>
            <span className="text-muted">{series}</span>
            <span className="font-mono">{words(all[series])}</span>
          </span>
        ))}
      </figcaption>
      <div className="relative ml-13">
        {scale.ticks.map(({ ms, y }) => (
          <span
            key={ms}
            aria-hidden="true"
            className="absolute right-full mr-2 -translate-y-1/2 whitespace-nowrap text-muted text-xs"
            style={{ top: `${y * 100}%` }}
          >
            {latencyWords(ms)}
          </span>
        ))}
        <svg
          role="img"
          aria-label={`Changes served in ${WINDOW_WORDS[window]}: ${summary}.`}
          viewBox={`0 0 ${BOX.width} ${BOX.height}`}
          preserveAspectRatio="none"
          className="h-44 w-full overflow-visible"
        >
          {scale.ticks.map(({ ms, y }) => (
            <line
              key={ms}
              x1="0"
              x2={BOX.width}
              y1={y * BOX.height}
              y2={y * BOX.height}
              className="stroke-line"
              vectorEffect="non-scaling-stroke"
            />
          ))}
          {[...SERIES].reverse().map((series) => (
            <Line key={series} series={series} d={seriesPath(steps, series, scale, BOX)} />
          ))}
        </svg>
      </div>
      <TimeAxis propagation={propagation} />
      <StepTable propagation={propagation} />
    </figure>
  );
}

function Line({ series, d }: { series: Series; d: string }) {
  return (
    <path
      d={d}
      fill="none"
      strokeWidth={2}
      strokeLinecap="round"
      strokeLinejoin="round"
      strokeDasharray={LOOK[series].dash}
      vectorEffect="non-scaling-stroke"
      className={LOOK[series].line}
    />
  );
}

/** "09:30", and the day where that is not today's alone. */
function clock(at: number, window: Propagation["window"]): string {
  const text = utcWords(at);
  return window === "week" ? text.slice(5, 10) : text.slice(11, 16);
}

const AXIS = [0, 1 / 3, 2 / 3, 1];

function TimeAxis({ propagation: { steps, until, window, stepMs } }: { propagation: Propagation }) {
  const from = steps[0]?.from ?? until;
  // On the step where a label stands, as in the table.
  const at = (share: number) => from + Math.round((share * (until - from)) / stepMs) * stepMs;
  return (
    <p aria-hidden="true" className="mt-1 ml-13 flex justify-between text-muted text-xs">
      {AXIS.map((share) => (
        <span key={share}>
          {clock(at(share), window)}
          {share === 1 && window !== "week" && " UTC"}
        </span>
      ))}
    </p>
  );
}

function StepTable({ propagation: { steps, window } }: { propagation: Propagation }) {
  const rows = steps.filter(({ count }) => count > 0).reverse();
  return (
    <details className="mt-2">
      <summary className="inline-flex h-7 cursor-pointer items-center text-muted text-xs hover:text-ink">
        Show as a table
      </summary>
      <Table label={`Changes served in ${WINDOW_WORDS[window]}`} regionClassName="max-h-72">
        <TableHead>
          <tr>
            <HeadCell>From (UTC)</HeadCell>
            <HeadCell numeric>Timed</HeadCell>
            {SERIES.map((series) => (
              <HeadCell key={series} numeric>
                {series}
              </HeadCell>
            ))}
          </tr>
        </TableHead>
        <TableBody>
          {rows.map((step) => (
            <Row key={step.from}>
              <RowHeader className="whitespace-nowrap font-normal">{utcWords(step.from).slice(5, 16)}</RowHeader>
              <Cell numeric>{figure.format(step.count)}</Cell>
              {SERIES.map((series) => (
                <Cell key={series} numeric className="whitespace-nowrap">
                  {words(step[series])}
                </Cell>
              ))}
            </Row>
          ))}
        </TableBody>
      </Table>
    </details>
  );
}
