import { Link } from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import type { ZoneListQuery } from "@/lib/zones/schemas";
import { listAddress } from "./list-address";

/** Counted no further; see lib/proof/queries-everywhere. */
const MOST = 1_000;

/** Leads to the zones that are not yet served everywhere, and back to all. Nothing while there are none. @param count how many the asker has */
export function ServedFilter({ count, query }: { count: number; query: ZoneListQuery }) {
  if (query.served === "not-everywhere")
    return (
      <p className="mt-1.5 flex flex-wrap items-center gap-x-3 text-xs">
        <Status kind="warning">Only zones not yet everywhere</Status>
        <Link href={listAddress("/zones", query, { served: "any", page: 1 })} className="link">
          Show all zones
        </Link>
        <Link href="/proof/problems" className="link">
          Show why
        </Link>
      </p>
    );
  if (count === 0) return null;
  const zones = count >= MOST ? `${MOST - 1}+ zones are` : count === 1 ? "1 zone is" : `${count} zones are`;
  return (
    <p className="mt-1.5 text-xs">
      <Link href={listAddress("/zones", query, { served: "not-everywhere", page: 1 })} className="link">
        <Status kind="warning">{zones} not yet everywhere</Status>
      </Link>
    </p>
  );
}
