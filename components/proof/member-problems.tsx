import { CircleCheck, SearchX } from "lucide-react";
import { EmptyState } from "@/components/ui/empty-state";
import { Pagination } from "@/components/ui/pagination";
import { SearchInput } from "@/components/ui/search-input";
import type { MemberDetail } from "@/lib/members/queries";
import type { ProblemList } from "@/lib/proof/queries-problems";
import type { ProblemListQuery } from "@/lib/proof/schemas";
import { problemAddress } from "./problem-address";
import { CauseLinks } from "./problem-filter";
import { ProblemTable } from "./problem-table";
import { repairPair } from "./repair-pair";

const figure = new Intl.NumberFormat("en");

interface MemberProblemsProps {
  member: Pick<MemberDetail, "id" | "name" | "target">;
  list: ProblemList;
  query: ProblemListQuery;
}

/** What differs at one member. */
export function MemberProblems({ member, list, query }: MemberProblemsProps) {
  const address = { ...query, at: null, path: `/cluster/${member.id}`, anchor: "#attention" };
  const isNarrowed = query.q.trim() !== "" || query.cause !== null;
  const zones = member.target?.zones ?? 0;
  if (list.total === 0 && !isNarrowed)
    return (
      <EmptyState
        icon={<CircleCheck />}
        title={zones === 1 ? "Its zone is as it should be" : `Its ${figure.format(zones)} zones are as they should be`}
      >
        A zone that this server lacks, refuses, or serves in an old or another form is listed here with the reason. It
        holds up no other zone.
      </EmptyState>
    );
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 border-line border-b p-2">
        <SearchInput label="Search zones" placeholder="Zone name" />
        <CauseLinks list={list} address={address} />
      </div>
      {list.groups.length > 0 ? (
        <ProblemTable groups={list.groups} hideNameserver actions={repairPair} />
      ) : (
        <EmptyState icon={<SearchX />} title="Nothing differs there">
          No zone like that differs here.
        </EmptyState>
      )}
      <Pagination
        page={list.page}
        pageSize={list.pageSize}
        total={list.total}
        noun={list.total === 1 ? "zone" : "zones"}
        href={(page) => problemAddress({ ...address, page })}
      />
    </>
  );
}
