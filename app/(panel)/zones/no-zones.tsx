import { Globe, SearchX } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

/** Where the list would be. */
export function NoZones({ query, isFiltered, mayAdd }: { query: string; isFiltered: boolean; mayAdd: boolean }) {
  if (query !== "")
    return (
      <EmptyState icon={<SearchX />} title="No zone matches" action={<ClearSearch />}>
        Nothing here is called, or has a record with, <bdi className="break-all font-mono">{query}</bdi>.
        {query.length < 3 && " Records are searched from three characters on."}
      </EmptyState>
    );
  if (isFiltered)
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
