import { Banner } from "@/components/ui/banner";
import { Link } from "@/components/ui/link";
import type { Advice } from "@/lib/cluster/map/advice";
import type { MapMember, MapPage } from "@/lib/cluster/map/get-map";

/** Of each kind; more are one and the same mistake many times over. */
const SHOWN = 5;

/** What the guide advises against, each with the way to its remedy. */
export function MapAdvice({ map }: { map: MapPage }) {
  const { advice } = map;
  if (advice.length === 0)
    return (
      <p>
        <span className="font-medium">Nothing to advise.</span> No server is further away than through one intermediary,
        none sends back, in circles or twice, and no trust lacks a half that it needs, as far as the servers have said.
      </p>
    );
  const kinds = new Set(advice.map(({ kind }) => kind));
  const shown = [...kinds].flatMap((kind) => advice.filter((item) => item.kind === kind).slice(0, SHOWN));
  return (
    <ul className="flex flex-col gap-2">
      {shown.map((item) => (
        <li key={`${item.kind} ${item.link.from} ${item.link.to}`}>
          <Banner tone="warn" title={item.title}>
            <p>{item.text}</p>
            <p>
              {item.remedy} <Remedy item={item} map={map} />
            </p>
          </Banner>
        </li>
      ))}
      {advice.length > shown.length && <li className="text-muted">{advice.length - shown.length} more like these.</li>}
    </ul>
  );
}

const ABOUT_TRUST: ReadonlySet<Advice["kind"]> = new Set(["one-way-trust", "broken-trust"]);

/** To what has to change: the entry here or its trust, or the same pages on the panel of the server that holds it. */
function Remedy({ item: { kind, link }, map }: { item: Advice; map: MapPage }) {
  const holder = map.servers.find(({ key }) => key === link.from);
  const other = map.servers.find(({ key }) => key === link.to)?.name ?? link.to;
  const isTrust = ABOUT_TRUST.has(kind);
  if (link.from === map.self) {
    const { href, words } = here(other, map.members[link.to], isTrust);
    return (
      <Link href={href} className="link">
        {words}
      </Link>
    );
  }
  const panel = map.members[link.from]?.panel ?? holder?.panel;
  // A server that says what it does is a Zonefleet server, and named by one that calls it; a panel that is not known has no address to link to.
  if (!panel) return null;
  return (
    <a href={isTrust ? `${panel}/trust` : panel} target="_blank" rel="noreferrer" className="link">
      Open the {isTrust ? "Trust" : "DNS Cluster"} page of {holder?.name ?? link.from}
    </a>
  );
}

function here(name: string, entry: MapMember | undefined, isTrust: boolean): { href: string; words: string } {
  if (!entry) return { href: "/cluster/add", words: `Add ${name}` };
  if (isTrust) return { href: `/cluster/trust?q=${encodeURIComponent(name)}`, words: `Trust with ${name}` };
  return { href: `/cluster/${entry.memberId}/edit`, words: `Edit ${name}` };
}
