import { Unlink } from "lucide-react";
import type { Metadata } from "next";
import { LiveRefresh } from "@/components/live/live-refresh";
import { GuardsForm } from "@/components/orphans/guards-form";
import { OrphanTable } from "@/components/orphans/orphan-table";
import { SHOWN_WORDS } from "@/components/orphans/orphan-words";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { SearchInput } from "@/components/ui/search-input";
import { can } from "@/lib/access/authorize";
import { getCluster } from "@/lib/cluster/settings";
import { listOrphans, type OrphanList } from "@/lib/orphans/queries";
import { type OrphanQuery, orphanQuery } from "@/lib/orphans/schemas";
import { accountNames } from "@/lib/users/accounts";
import { clusterPage } from "../cluster/cluster-page";

export const metadata: Metadata = { title: "Orphaned zones" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function OrphansPage({ searchParams }: Props) {
  const query = orphanQuery.parse(await searchParams);
  const { list, guards, accounts } = await clusterPage(async (ctx, actor) => ({
    list: await listOrphans(ctx, actor, query),
    guards: can(actor, "cluster.settings") ? await getCluster(ctx, actor) : null,
    accounts: can(actor, "zone.assign") ? await accountNames(ctx, actor) : null,
  }));
  return (
    <>
      <LiveRefresh topics={["sync", "cluster", "zones"]} />
      <PageHeader
        title="Orphaned zones"
        crumbs={[{ href: "/synchronize", label: "Synchronize DNS Records" }]}
        description="Zones that a server of the cluster holds and nobody owns here, and zones here that nobody stands behind any more. Nothing is removed without a plan that somebody approved."
      />
      <div className="flex flex-col gap-4">
        <Card flush>
          <div className="flex flex-wrap items-center gap-3 border-line border-b p-2">
            <SearchInput label="Search orphaned zones" placeholder="Name" />
            <Shown list={list} query={query} />
          </div>
          <p className="border-line border-b px-3 py-2 text-muted text-xs">
            {SHOWN_WORDS[query.show].help(list.graceHours)}
          </p>
          {list.rows.length === 0 ? (
            <EmptyState
              icon={<Unlink />}
              title={query.q.trim() === "" ? SHOWN_WORDS[query.show].empty : "No zone matches"}
            >
              Every server is asked for all its zones a few times a day, and whenever a plan is made.
            </EmptyState>
          ) : (
            <OrphanTable rows={list.rows} accounts={accounts} isKept={query.show === "kept"} />
          )}
          <Pagination
            page={list.page}
            pageSize={list.pageSize}
            total={list.total}
            noun={list.total === 1 ? "zone" : "zones"}
            href={(page) => address(query, { page })}
          />
        </Card>
        {guards && (
          <Card title="Guards" description="They hold for everybody on this server.">
            <GuardsForm mostRemovals={guards.mostRemovals} orphanGraceHours={guards.orphanGraceHours} />
          </Card>
        )}
      </div>
    </>
  );
}

function address({ q, show }: OrphanQuery, { page }: { page: number }): string {
  const params = new URLSearchParams({ ...(q === "" ? {} : { q }), show, page: String(page) });
  return `/orphans?${params}`;
}

/** Which of them are shown, as links. */
function Shown({ list, query }: { list: OrphanList; query: OrphanQuery }) {
  return (
    <nav aria-label="Zones to show" className="flex flex-wrap gap-3 text-xs">
      {(["due", "new", "own", "kept"] as const).map((show) => (
        <Link
          key={show}
          href={address({ ...query, show }, { page: 1 })}
          aria-current={show === query.show ? "page" : undefined}
          className="link aria-[current]:font-semibold"
        >
          {SHOWN_WORDS[show].label} ({list.counts[show]})
        </Link>
      ))}
    </nav>
  );
}
