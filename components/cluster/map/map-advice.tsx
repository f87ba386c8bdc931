import Link from "next/link";
import { Banner } from "@/components/ui/banner";
import type { Advice } from "@/lib/cluster/map/advice";
import type { MapPage } from "@/lib/cluster/map/get-map";

/** More than these are one and the same mistake many times over. */
const SHOWN = 5;

/** What the guide advises against, each with the way to its remedy. */
export function MapAdvice({ map }: { map: MapPage }) {
  const { advice } = map;
  if (advice.length === 0)
    return (
      <p>
        <span className="font-medium">Nothing to advise.</span> No server is further away than through one intermediary,
        and none sends back, in circles or twice, as far as the servers have said.
      </p>
    );
  return (
    <ul className="flex flex-col gap-2">
      {advice.slice(0, SHOWN).map((item) => (
        <li key={`${item.kind} ${item.link.from} ${item.link.to}`}>
          <Banner tone="warn" title={item.title}>
            <p>{item.text}</p>
            <p>
              {item.remedy} <Remedy item={item} map={map} />
            </p>
          </Banner>
        </li>
      ))}
      {advice.length > SHOWN && <li className="text-muted">{advice.length - SHOWN} more like these.</li>}
    </ul>
  );
}

/** To the entry that has to change: here, on the page of a member, or on the panel of the server that holds it. */
function Remedy({ item: { link }, map }: { item: Advice; map: MapPage }) {
  const nameOf = (key: string) => map.servers.find((server) => server.key === key)?.name ?? key;
  const holder = map.members[link.from];
  const entry = map.members[link.to];
  if (link.from === map.self && entry)
    return (
      <Link href={`/cluster/${entry.memberId}/edit`} className="link">
        Edit {nameOf(link.to)}
      </Link>
    );
  if (link.from === map.self)
    return (
      <Link href="/cluster/add" className="link">
        Add {nameOf(link.to)}
      </Link>
    );
  if (holder?.panel)
    return (
      <a href={holder.panel} target="_blank" rel="noreferrer" className="link">
        Open the DNS Cluster page of {nameOf(link.from)}
      </a>
    );
  if (holder)
    return (
      <Link href={`/cluster/${holder.memberId}`} className="link">
        {nameOf(link.from)}
      </Link>
    );
  return null;
}
