import { GitCompareArrows } from "lucide-react";
import type { Metadata } from "next";
import { KeepAll } from "@/components/conflicts/conflict-actions";
import { conflictSentence, SETTLED_WORDS } from "@/components/conflicts/conflict-words";
import { LiveRefresh } from "@/components/live/live-refresh";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { RelativeTime } from "@/components/ui/relative-time";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import { ZoneName } from "@/components/zones/zone-name";
import { can } from "@/lib/access/authorize";
import { orNotFound } from "@/lib/auth/or-not-found";
import { currentActor } from "@/lib/auth/session";
import { listConflicts } from "@/lib/conflicts/queries";
import { conflictListQuery } from "@/lib/conflicts/schemas";
import { runtime } from "@/lib/runtime";

export const metadata: Metadata = { title: "Conflicts" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const SHOWS = [
  ["open", "Open"],
  ["settled", "Settled"],
] as const;

export default async function ConflictsPage({ searchParams }: Props) {
  const actor = await currentActor();
  const query = conflictListQuery.parse(await searchParams);
  const list = await orNotFound(listConflicts(runtime(), actor, query));
  const isOpen = query.show === "open";
  return (
    <>
      <LiveRefresh topics={["zones"]} />
      <PageHeader
        title="Conflicts"
        crumbs={[{ href: "/zones", label: "Zones" }]}
        description="Zones that were changed on two servers at once. The newest copy won; the other one is kept here."
        actions={isOpen && list.total > 0 && can(actor, "zone.write") && <KeepAll count={list.total} />}
      />
      <nav aria-label="Conflicts to show" className="mb-3 flex gap-3">
        {SHOWS.map(([show, label]) => (
          <Link
            key={show}
            href={show === "open" ? "/conflicts" : `/conflicts?show=${show}`}
            aria-current={show === query.show ? "page" : undefined}
            className="link aria-[current]:font-semibold"
          >
            {label}
          </Link>
        ))}
      </nav>
      <Card flush>
        {list.rows.length === 0 ? (
          <EmptyState
            icon={<GitCompareArrows />}
            title={isOpen ? "No conflict is open" : "No conflict was settled yet"}
          >
            {isOpen &&
              "When two servers change one zone before either has the other’s change, both copies are shown here."}
          </EmptyState>
        ) : (
          <Table label="Conflicts, newest first">
            <TableHead>
              <tr>
                <HeadCell>Zone</HeadCell>
                <HeadCell className="max-sm:hidden">What happened</HeadCell>
                <HeadCell>{isOpen ? "When" : "Settled"}</HeadCell>
              </tr>
            </TableHead>
            <TableBody>
              {list.rows.map((row) => (
                <Row key={row.id}>
                  <RowHeader>
                    <Link href={`/conflicts/${row.id}`} className="target hover:underline">
                      <ZoneName name={row.name} displayName={row.displayName} />
                    </Link>
                  </RowHeader>
                  <Cell className="max-sm:hidden">
                    {conflictSentence(row)}
                    {row.isDeleted && " The zone is in the recycle bin."}
                  </Cell>
                  <Cell>
                    {row.settled ? (
                      <>
                        {SETTLED_WORDS[row.settled.as]} <RelativeTime at={row.settled.at} />
                      </>
                    ) : (
                      <RelativeTime at={row.at} />
                    )}
                  </Cell>
                </Row>
              ))}
            </TableBody>
          </Table>
        )}
        {list.rows.length > 0 && (
          <Pagination
            page={list.page}
            pageSize={list.pageSize}
            total={list.total}
            noun={list.total === 1 ? "conflict" : "conflicts"}
            href={(page) => `/conflicts?show=${query.show}&page=${page}`}
          />
        )}
      </Card>
    </>
  );
}
