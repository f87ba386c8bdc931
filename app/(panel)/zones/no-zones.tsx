import { CircleCheck, Globe, SearchX } from "lucide-react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";

interface NoZonesProps {
  query: string;
  /** What the list is narrowed to. */
  filter: "two-writers" | "not-everywhere" | null;
  mayAdd: boolean;
}

/** Where the list would be. */
export function NoZones({ query, filter, mayAdd }: NoZonesProps) {
  if (query !== "")
    return (
      <EmptyState icon={<SearchX />} title="No zone matches" action={<ClearSearch />}>
        Nothing here is called, or has a record with, <bdi className="break-all font-mono">{query}</bdi>.
        {query.length < 3 && " Records are searched from three characters on."}
      </EmptyState>
    );
  if (filter === "not-everywhere")
    return (
      <EmptyState icon={<CircleCheck />} title="Every zone is served everywhere" action={<ClearSearch />}>
        Each nameserver answers with what is here, or took it where DNS cannot tell more.
      </EmptyState>
    );
  if (filter === "two-writers")
    return (
      <EmptyState icon={<SearchX />} title="One server writes each zone" action={<ClearSearch />}>
        No zone here is written by two servers.
      </EmptyState>
    );
  return (
    <EmptyState
      icon={<Globe />}
      title="No zones yet"
      action={
        mayAdd && (
          <>
            <Button variant="primary" asChild>
              <Link href="/zones/add">Add a zone</Link>
            </Button>
            <Button asChild>
              <Link href="/zones/add?from=files">Import zone files</Link>
            </Button>
          </>
        )
      }
    >
      Start with a template, paste a zone file, or bring all your zone files at once.
    </EmptyState>
  );
}

function ClearSearch() {
  return (
    <Button asChild>
      <Link href="/zones">Show all zones</Link>
    </Button>
  );
}
