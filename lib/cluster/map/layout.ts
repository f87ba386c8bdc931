import { byName, type ClusterMap, type MapLink, type MapServer } from "./cluster-map";

/** Sizes of the picture, in its own units (pixels at full size). */
export const BOX = { width: 184, height: 44 } as const;
const GAP = { x: 96, y: 14 } as const;
const EDGE = 12;
const HEAD = 30;

export interface MapColumn {
  readonly label: string;
  readonly x: number;
}

export interface MapBox {
  readonly server: MapServer;
  readonly x: number;
  readonly y: number;
}

export interface MapLine {
  readonly link: MapLink;
  /** Data of an SVG path. */
  readonly d: string;
  /** A point on it, half way. */
  readonly middle: { readonly x: number; readonly y: number };
}

export interface MapLayout {
  readonly width: number;
  readonly height: number;
  readonly columns: readonly MapColumn[];
  readonly boxes: readonly MapBox[];
  readonly lines: readonly MapLine[];
}

interface Group {
  readonly rank: number;
  readonly label: string;
  readonly servers: MapServer[];
}

/** Columns by hops: those that zones come from at the left, this server, and where zones go to the right of it; at the end what is linked to neither. */
export function layoutMap(map: ClusterMap): MapLayout {
  const columns: MapColumn[] = [];
  const boxes: MapBox[] = [];
  let x = EDGE;
  for (const group of groupsOf(map.servers)) {
    columns.push({ label: group.label, x });
    const sorted = byNeighbours(group.servers, map.links, boxes);
    for (const [row, server] of sorted.entries())
      boxes.push({ server, x, y: HEAD + EDGE + row * (BOX.height + GAP.y) });
    x += BOX.width + GAP.x;
  }
  const height = Math.max(...boxes.map(({ y }) => y), HEAD) + BOX.height + EDGE;
  const placed = new Map(boxes.map((box) => [box.server.key, box]));
  const pairs = new Set(map.links.map(({ from, to }) => `${from} ${to}`));
  const lines = map.links.flatMap((link): MapLine[] => {
    const [from, to] = [placed.get(link.from), placed.get(link.to)];
    if (!from || !to) return [];
    // Two links between the same servers run beside each other.
    const shift = pairs.has(`${link.to} ${link.from}`) ? (link.from < link.to ? -6 : 6) : 0;
    return [{ link, ...curve(from, to, shift) }];
  });
  // Room for lines between servers of the last column.
  return { width: Math.max(x - GAP.x / 2, BOX.width + 2 * EDGE), height, columns, boxes, lines };
}

function groupsOf(servers: readonly MapServer[]): Group[] {
  const groups = new Map<number, Group>();
  for (const server of servers) {
    const { rank, label } = placeOf(server);
    const group = groups.get(rank) ?? { rank, label, servers: [] };
    group.servers.push(server);
    groups.set(rank, group);
  }
  return [...groups.values()].sort((a, b) => a.rank - b.rank);
}

function placeOf({ hops, hopsBack }: MapServer): { rank: number; label: string } {
  if (hops === 0) return { rank: 0, label: "This server" };
  if (hops !== null) return { rank: hops, label: hops === 1 ? "1 hop" : `${hops} hops` };
  if (hopsBack !== null)
    return { rank: -hopsBack, label: hopsBack === 1 ? "Sends here" : `Sends here, ${hopsBack} hops` };
  return { rank: Number.POSITIVE_INFINITY, label: "Not sent to" };
}

/** At the height of the servers that it is linked with to the left, so that few lines cross. */
function byNeighbours(
  servers: readonly MapServer[],
  links: readonly MapLink[],
  placed: readonly MapBox[],
): MapServer[] {
  const heights = new Map(placed.map(({ server, y }) => [server.key, y]));
  const found = new Map<string, number[]>();
  for (const { from, to } of links)
    for (const [key, other] of [
      [from, to],
      [to, from],
    ] as const) {
      const height = heights.get(other);
      if (height === undefined) continue;
      const known = found.get(key);
      if (known) known.push(height);
      else found.set(key, [height]);
    }
  const middle = ({ key }: MapServer) => {
    const known = found.get(key);
    return known ? known.reduce((sum, height) => sum + height, 0) / known.length : Number.MAX_SAFE_INTEGER;
  };
  return [...servers].sort((a, b) => middle(a) - middle(b) || byName(a, b));
}

function curve(from: MapBox, to: MapBox, shift: number): Pick<MapLine, "d" | "middle"> {
  const [y1, y2] = [from.y + BOX.height / 2 + shift, to.y + BOX.height / 2 + shift];
  if (from.x === to.x) {
    const x = from.x + BOX.width;
    const out = x + 28 + shift;
    // A cubic Bézier is at (P0 + 3 P1 + 3 P2 + P3) / 8 half way.
    const middle = { x: (2 * x + 6 * out) / 8, y: (y1 + y2) / 2 };
    return { d: `M${x} ${y1}C${out} ${y1} ${out} ${y2} ${x} ${y2}`, middle };
  }
  const isRightward = to.x > from.x;
  const x1 = isRightward ? from.x + BOX.width : from.x;
  const x2 = isRightward ? to.x : to.x + BOX.width;
  const middle = (x1 + x2) / 2;
  return {
    d: `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`,
    middle: { x: middle, y: (y1 + y2) / 2 },
  };
}
