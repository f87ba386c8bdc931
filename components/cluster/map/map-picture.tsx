import type { MapPage } from "@/lib/cluster/map/get-map";
import { BOX, layoutMap, type MapBox, type MapLine } from "@/lib/cluster/map/layout";
import { ScrollRegion } from "./scroll-region";
import { KIND_WORDS, serverState } from "./server-state";

/** Characters that fit into a box. */
const FITS = 25;

/**
 * The cluster as a picture, drawn on the server. Everything in it is in the table beside it too, so it is hidden from assistive technology.
 * @param found keys of the servers to point out; null: nothing is searched for
 */
export function MapPicture({ map, found, now }: { map: MapPage; found: ReadonlySet<string> | null; now: number }) {
  const { width, height, columns, boxes, lines } = layoutMap(map);
  const first = boxes.find(({ server }) => found?.has(server.key));
  return (
    <ScrollRegion
      label="Picture of the cluster"
      at={first ? { x: first.x + BOX.width / 2, y: first.y + BOX.height / 2 } : null}
      className="max-h-[34rem] overflow-auto"
    >
      <svg aria-hidden="true" width={width} height={height} viewBox={`0 0 ${width} ${height}`} className="block">
        <defs>
          <marker id="map-arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0 0 8 4 0 8z" className="fill-muted" />
          </marker>
        </defs>
        {columns.map(({ label, x }) => (
          <text key={label} x={x} y={22} className="fill-muted text-xs">
            {label}
          </text>
        ))}
        {lines.map((line) => (
          <Line key={`${line.link.from} ${line.link.to}`} line={line} found={found} />
        ))}
        {boxes.map((box) => (
          <Box key={box.server.key} box={box} map={map} found={found} now={now} />
        ))}
      </svg>
    </ScrollRegion>
  );
}

function Line({ line: { link, d, middle }, found }: { line: MapLine; found: ReadonlySet<string> | null }) {
  const isFound = found?.has(link.from) || found?.has(link.to);
  const isWanting = link.trust === "one-way" || link.trust === "broken";
  const dash = link.role === null ? "1 4" : link.role === "standalone" ? "6 4" : undefined;
  return (
    <g opacity={found && !isFound ? 0.25 : 1}>
      <path
        d={d}
        fill="none"
        strokeDasharray={dash}
        strokeLinecap="round"
        markerEnd={link.role === "standalone" ? undefined : "url(#map-arrow)"}
        className={isFound ? "stroke-accent" : "stroke-muted"}
        strokeWidth={isFound ? 2 : 1.25}
      />
      {isWanting && <TrustMark at={middle} />}
    </g>
  );
}

/** On a link whose trust lacks a half, or has one that does not work. */
function TrustMark({ at: { x, y } }: { at: MapLine["middle"] }) {
  return (
    <>
      <circle cx={x} cy={y} r={6} className="fill-raised stroke-warn" strokeWidth={1.5} />
      <path
        d={`M${x} ${y - 3}v3M${x} ${y + 2.8}v.2`}
        className="stroke-warn"
        strokeWidth={1.75}
        strokeLinecap="round"
      />
    </>
  );
}

function Box(props: { box: MapBox; map: MapPage; found: ReadonlySet<string> | null; now: number }) {
  const { box, map, found, now } = props;
  const { server, x, y } = box;
  const { words } = serverState(server, { self: map.self, member: map.members[server.key], now });
  const isFound = found?.has(server.key) ?? false;
  const name = server.name.length > FITS ? `${server.name.slice(0, FITS - 1)}…` : server.name;
  return (
    <g opacity={found && !isFound ? 0.35 : 1}>
      <title>{server.name}</title>
      <rect
        {...{ x, y, ...BOX, rx: 5 }}
        className={
          isFound || server.key === map.self ? "fill-accent-soft stroke-accent" : "fill-raised stroke-line-strong"
        }
        strokeWidth={isFound ? 2 : 1}
      />
      <text x={x + 10} y={y + 19} className="fill-ink font-medium text-sm">
        {name}
      </text>
      <text x={x + 10} y={y + 35} className="fill-muted text-xs">
        {[server.kind === "unknown" ? "" : KIND_WORDS[server.kind], words].filter(Boolean).join(" · ")}
      </text>
    </g>
  );
}
