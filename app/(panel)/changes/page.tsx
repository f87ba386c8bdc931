import { GitCompareArrows, Replace, Undo2 } from "lucide-react";
import type { Metadata } from "next";
import { ChangeTable } from "@/components/changes/change-table";
import { LiveRefresh } from "@/components/live/live-refresh";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { can } from "@/lib/access/authorize";
import { orNotFound } from "@/lib/auth/or-not-found";
import { currentActor } from "@/lib/auth/session";
import { listChangeSets } from "@/lib/change-sets/queries";
import { changeListQuery } from "@/lib/change-sets/schemas";
import { runtime } from "@/lib/runtime";

export const metadata: Metadata = { title: "Change sets" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ChangesPage({ searchParams }: Props) {
  const actor = await currentActor();
  const { page } = changeListQuery.parse(await searchParams);
  const list = await orNotFound(listChangeSets(runtime(), actor, { page }));
  return (
    <>
      <LiveRefresh topics={["zones"]} />
      <PageHeader
        title="Change sets"
        description="What changed many zones at once, and can be undone at once."
        actions={
          <>
            <Button asChild>
              <Link href="/conflicts">
                <GitCompareArrows aria-hidden="true" /> Conflicts
              </Link>
            </Button>
            {can(actor, "zone.write") && (
              <Button asChild>
                <Link href="/zones/replace">
                  <Replace aria-hidden="true" /> Edit many zones
                </Link>
              </Button>
            )}
          </>
        }
      />
      <Card flush>
        {list.rows.length === 0 ? (
          <EmptyState icon={<Undo2 />} title="Nothing changed many zones yet">
            Imports of zone files, zones deleted or moved together, synchronizations and edits of many zones are listed
            here. An edit of one zone is undone in its history.
          </EmptyState>
        ) : (
          <>
            <ChangeTable rows={list.rows} />
            <Pagination
              page={list.page}
              pageSize={list.pageSize}
              total={list.total}
              noun={list.total === 1 ? "change set" : "change sets"}
              href={(next) => (next === 1 ? "/changes" : `/changes?page=${next}`)}
            />
          </>
        )}
      </Card>
    </>
  );
}
