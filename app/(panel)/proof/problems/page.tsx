import { CircleCheck, SearchX } from "lucide-react";
import type { Metadata } from "next";
import { LiveRefresh } from "@/components/live/live-refresh";
import { EverywhereLine } from "@/components/proof/everywhere-line";
import { problemAddress } from "@/components/proof/problem-address";
import { CauseLinks, NameserverFilter } from "@/components/proof/problem-filter";
import { ProblemKeys } from "@/components/proof/problem-keys";
import { ProblemTable } from "@/components/proof/problem-table";
import { repairPair } from "@/components/proof/repair-pair";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { SearchInput } from "@/components/ui/search-input";
import { can } from "@/lib/access/authorize";
import { orNotFound } from "@/lib/auth/or-not-found";
import { currentActor } from "@/lib/auth/session";
import { everywhereSummary } from "@/lib/proof/queries-everywhere";
import { problems } from "@/lib/proof/queries-problems";
import { problemListQuery } from "@/lib/proof/schemas";
import { runtime } from "@/lib/runtime";

export const metadata: Metadata = { title: "Not yet everywhere" };

const PATH = "/proof/problems";

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ProblemsPage({ searchParams }: Props) {
  const actor = await currentActor();
  const query = problemListQuery.parse(await searchParams);
  const [list, summary] = await orNotFound(
    Promise.all([problems(runtime(), actor, query), everywhereSummary(runtime(), actor)]),
  );
  const address = { ...query, path: PATH };
  const isNarrowed = query.q.trim() !== "" || query.cause !== null || query.at !== null;
  return (
    <>
      <LiveRefresh topics={["zones", "cluster", "members"]} calmMs={1_000} />
      <PageHeader
        crumbs={[{ href: "/proof", label: "Fleet status" }]}
        title="Not yet everywhere"
        description="Each zone at each nameserver that does not serve what is here, with the reason. The worst comes first."
      />
      <Card flush>
        <div className="flex flex-wrap items-center gap-2 border-line border-b p-2">
          <SearchInput label="Search zones" placeholder="Zone name" />
          {list.targets.length > 1 && <NameserverFilter list={list} address={address} />}
          <CauseLinks list={list} address={address} />
        </div>
        {list.groups.length > 0 ? (
          <ProblemTable groups={list.groups} actions={can(actor, "sync.manage") ? repairPair : undefined} />
        ) : isNarrowed ? (
          <EmptyState
            icon={<SearchX />}
            title="Nothing differs there"
            action={
              <Button asChild>
                <Link href={PATH}>Show everything that differs</Link>
              </Button>
            }
          >
            No zone like that is missing anything at such a nameserver.
          </EmptyState>
        ) : (
          <EmptyState icon={<CircleCheck />} title={<EverywhereLine summary={summary} />}>
            A zone that a nameserver lacks, refuses, or serves in an old or another form is listed here with the reason.
          </EmptyState>
        )}
        {list.groups.length > 0 && <ProblemKeys />}
        <Pagination
          page={list.page}
          pageSize={list.pageSize}
          total={list.total}
          noun={list.total === 1 ? "difference" : "differences"}
          href={(page) => problemAddress({ ...address, page })}
        />
      </Card>
    </>
  );
}
