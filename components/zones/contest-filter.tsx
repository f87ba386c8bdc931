import { Link } from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import type { ZoneListQuery } from "@/lib/zones/schemas";
import { listAddress } from "./list-address";

/** Leads to the zones that two servers write, and back to all. Nothing while there are none. @param count how many the asker has */
export function ContestFilter({ count, query }: { count: number; query: ZoneListQuery }) {
  if (query.writers === "two")
    return (
      <p className="mt-1.5 flex flex-wrap items-center gap-x-3 text-xs">
        <Status kind="warning">Only zones that two servers write</Status>
        <Link href={listAddress("/zones", query, { writers: "any", page: 1 })} className="link">
          Show all zones
        </Link>
      </p>
    );
  if (count === 0) return null;
  return (
    <p className="mt-1.5 text-xs">
      <Link href={listAddress("/zones", query, { writers: "two", page: 1 })} className="link">
        <Status kind="warning">{count === 1 ? "1 zone has" : `${count} zones have`} two writers</Status>
      </Link>
    </p>
  );
}
