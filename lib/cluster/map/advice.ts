import { type ClusterMap, isSending, type MapLink, type MapServer, waysFrom } from "./cluster-map";

export type AdviceKind =
  | "nameservers-linked"
  | "web-servers-linked"
  | "synchronizes-back"
  | "many-intermediaries"
  | "loop"
  | "one-way-trust"
  | "broken-trust";

/** Something that WHM's guide to cluster configurations advises against, or asks for and does not find. */
export interface Advice {
  readonly kind: AdviceKind;
  readonly title: string;
  /** What is the case, and what it costs. */
  readonly text: string;
  /** What to do, as a sentence. */
  readonly remedy: string;
  /** The link to change: the entry for `to` in the cluster table of `from`. */
  readonly link: { readonly from: string; readonly to: string };
}

/** An entry whose server says that it sends: what is not said is not held against anybody. */
const isKnownSending = (link: MapLink) => link.role !== null && isSending(link);

/** Everything that speaks against the present links; the most telling first. */
export function advise(map: ClusterMap): Advice[] {
  const byKey = new Map(map.servers.map((server) => [server.key, server]));
  const ends = (link: MapLink) => ({ link, from: byKey.get(link.from), to: byKey.get(link.to) });
  const pairs = map.links
    .filter(isKnownSending)
    .map(ends)
    .filter((pair): pair is Pair => pair.from !== undefined && pair.to !== undefined);
  return [
    ...manyIntermediaries(map, byKey),
    ...pairs.filter(isBack).map(synchronizesBack),
    ...nameserversLinked(map, pairs),
    ...pairs.filter(({ from, to }) => from.kind === "web-server" && to.kind === "web-server").map(webServersLinked),
    ...loops(map, byKey),
    ...trusts(map, byKey),
  ];
}

interface Pair {
  readonly link: MapLink;
  readonly from: MapServer;
  readonly to: MapServer;
}

const isBack = ({ from, to }: Pair) => from.kind === "dns-only" && to.kind === "web-server";

function synchronizesBack({ link, from, to }: Pair): Advice {
  return {
    kind: "synchronizes-back",
    title: `${from.name} synchronizes back to ${to.name}`,
    text: `${from.name} is a nameserver and sends zones to the web server ${to.name}, where they are extraneous.`,
    remedy: `On ${from.name}, give ${to.name} the DNS role Standalone.`,
    link,
  };
}

function webServersLinked({ link, from, to }: Pair): Advice {
  return {
    kind: "web-servers-linked",
    title: `The web servers ${from.name} and ${to.name} are linked`,
    text: `${from.name} sends its zones to another web server. They take a step more to the nameservers, and ${to.name} holds zones that are not its own.`,
    remedy: `Link ${from.name} to the nameservers directly and take ${to.name} out of its cluster.`,
    link,
  };
}

/**
 * A nameserver that hands zones on to one that nothing else reaches is an intermediary, which the guide accepts. It advises against nameservers that send
 * to each other, or to one that a web server reaches directly.
 */
function nameserversLinked({ links }: ClusterMap, pairs: readonly Pair[]): Advice[] {
  const sends = new Set(links.filter(isKnownSending).map(({ from, to }) => `${from} ${to}`));
  const direct = new Set(pairs.filter(({ from }) => from.kind === "web-server").map(({ link }) => link.to));
  return pairs
    .filter(({ from, to }) => from.kind === "dns-only" && to.kind === "dns-only")
    .flatMap(({ link, from, to }): Advice[] => {
      const isMutual = sends.has(`${to.key} ${from.key}`);
      if (isMutual ? link.from > link.to : !direct.has(to.key)) return [];
      return [
        {
          kind: "nameservers-linked",
          title: `The nameservers ${from.name} and ${to.name} are linked${isMutual ? " to each other" : ""}`,
          text: isMutual
            ? "Each sends to the other what it was sent: every change travels twice."
            : `${to.name} gets its zones from a web server already: every change arrives twice.`,
          remedy: `On ${from.name}, delete ${to.name} or give it the DNS role Standalone.`,
          link,
        },
      ];
    });
}

/** For each web server with ways of two intermediaries or more: the longest of them, and how many servers are at such an end. */
function manyIntermediaries(map: ClusterMap, byKey: ReadonlyMap<string, MapServer>): Advice[] {
  const accepted = new Map(map.links.map(({ from, to, acceptedMs }) => [`${from} ${to}`, acceptedMs]));
  return map.servers
    .filter(({ kind }) => kind === "web-server")
    .flatMap((start) => {
      const ways = [...waysFrom(start.key, map.links).values()].filter((way) => way.length > 3);
      const longest = ways.reduce((best, way) => (way.length > best.length ? way : best), ways[0] ?? []);
      const end = longest.at(-1);
      if (end === undefined) return [];
      const names = longest.map((key) => byKey.get(key)?.name ?? key);
      return [wayAdvice(names, ways.length, extraMs(longest, accepted), { from: start.key, to: end })];
    });
}

/** What the steps before the last one take; null unless every one of them has receipts. */
function extraMs(way: readonly string[], accepted: ReadonlyMap<string, number | null>): number | null {
  let sum = 0;
  for (let at = 0; at < way.length - 2; at++) {
    const step = accepted.get(`${way[at]} ${way[at + 1]}`) ?? null;
    if (step === null) return null;
    sum += step;
  }
  return sum;
}

function wayAdvice(names: readonly string[], ends: number, extra: number | null, link: Advice["link"]): Advice {
  const [start = ""] = names;
  const end = names.at(-1) ?? "";
  const measured = extra === null ? "" : ` Receipts say that they add ${Math.round(extra)} ms to a change.`;
  const others = ends === 1 ? "" : ` In all, ${ends} servers are behind two intermediaries or more.`;
  return {
    kind: "many-intermediaries",
    title: `${names.length - 2} intermediaries between ${start} and ${end}`,
    text: `Changes go ${names.join(" → ")}. Each step has to work for ${end} to be current.${measured}${others}`,
    remedy: `Link ${start} to ${end} directly, or through one intermediary at most.`,
    link,
  };
}

/** One circle of three servers or more of each group that is linked in circles; two that send to each other are told of above. */
function loops({ servers, links: all }: ClusterMap, byKey: ReadonlyMap<string, MapServer>): Advice[] {
  const links = all.filter(isKnownSending);
  const ways = new Map(servers.map(({ key }) => [key, waysFrom(key, links)]));
  const told = new Set<string>();
  return links.flatMap((link): Advice[] => {
    const back = ways.get(link.to)?.get(link.from);
    if (!back || back.length < 3 || told.has(link.from)) return [];
    for (const key of ways.get(link.from)?.keys() ?? []) if (ways.get(key)?.has(link.from)) told.add(key);
    const circle = [link.from, ...back.slice(0, -1)];
    const names = circle.map((key) => byKey.get(key)?.name ?? key);
    return [
      {
        kind: "loop",
        title: `A loop of ${circle.length} servers`,
        text: `Zones go ${[...names, names[0]].join(" → ")}. The newest copy wins, so nothing runs in circles for ever, but every change is compared once more at each of them.`,
        remedy: `Take one of the links away, such as ${names[0]} → ${names[1]}.`,
        link: { from: link.from, to: link.to },
      },
    ];
  });
}

/**
 * Pairs whose trust lacks a half that it needs, or has one that does not work any more; once a pair, told by this server where it is one of the two: there
 * it can be mended.
 */
function trusts(map: ClusterMap, byKey: ReadonlyMap<string, MapServer>): Advice[] {
  const told = new Set<string>();
  const wanting = map.links.filter(({ trust }) => trust === "one-way" || trust === "broken");
  wanting.sort((a, b) => Number(b.from === map.self) - Number(a.from === map.self));
  return wanting.flatMap(({ from, to, trust }): Advice[] => {
    const pair = [from, to].sort().join(" ");
    const [holder, other] = [byKey.get(from)?.name ?? from, byKey.get(to)?.name ?? to];
    if (told.has(pair)) return [];
    told.add(pair);
    const link = { from, to };
    if (trust === "broken")
      return [
        {
          kind: "broken-trust",
          title: `The trust between ${holder} and ${other} is broken`,
          text: `${holder} finds that one of the two API tokens between them does not work any more: calls with it are refused.`,
          remedy: `On ${holder}, the page Trust says which half it is, and mends it.`,
          link,
        },
      ];
    return [
      {
        kind: "one-way-trust",
        title: `One-way trust between ${holder} and ${other}`,
        text: `${holder} can call ${other}, but ${other} does not have ${holder} in its DNS cluster and cannot call it. Servers that share zones trust each other in both directions.`,
        remedy: `On ${holder}, set up a reverse trust with ${other}.`,
        link,
      },
    ];
  });
}
