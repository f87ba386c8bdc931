import { Recycle } from "lucide-react";
import type { Metadata } from "next";
import { LiveRefresh } from "@/components/live/live-refresh";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { RelativeTime } from "@/components/ui/relative-time";
import { SearchInput } from "@/components/ui/search-input";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import { ContestMark } from "@/components/zones/contest-mark";
import { listAddress, sortLink } from "@/components/zones/list-address";
import { ZoneName } from "@/components/zones/zone-name";
import { can } from "@/lib/access/authorize";
import { currentActor } from "@/lib/auth/session";
import { runtime } from "@/lib/runtime";
import { readSettings } from "@/lib/settings/settings";
import { listZones } from "@/lib/zones/queries";
import { zoneListQuery } from "@/lib/zones/schemas";
import { BinActions } from "./bin-actions";

export const metadata: Metadata = { title: "Recycle bin" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const PATH = "/recycle-bin";
const USUAL = { sort: "deleted", dir: "desc" } as const;
const DAY = 86_400_000;

export default async function RecycleBinPage({ searchParams }: Props) {
  const actor = await currentActor();
  const query = { ...zoneListQuery.parse({ ...USUAL, ...(await searchParams) }), deleted: true };
  const ctx = runtime();
  const [list, { recycleBinDays }] = await Promise.all([
    listZones(ctx, actor, query),
    readSettings(ctx.db.client, "zones"),
  ]);
  const isRoot = actor.role === "root";
  return (
    <>
      <LiveRefresh topics={["zones"]} />
      <PageHeader
        title="Recycle bin"
        description={`Deleted zones rest here for ${recycleBinDays} days. No nameserver answers for them.`}
      />
      <Card flush>
        <div className="border-line border-b p-2">
          <SearchInput label="Search deleted zones" placeholder="Name" />
        </div>
        {list.rows.length === 0 ? (
          <EmptyState
            icon={<Recycle />}
            title={query.q.trim() === "" ? "The recycle bin is empty" : "No deleted zone matches"}
          >
            {query.q.trim() === ""
              ? "A zone that is deleted comes here first and can be restored as it was."
              : "Try a part of its name."}
          </EmptyState>
        ) : (
          <Table label="Deleted zones">
            <TableHead>
              <tr>
                <HeadCell sort={sortLink(PATH, query, "name", USUAL)}>Zone</HeadCell>
                <HeadCell sort={sortLink(PATH, query, "deleted", USUAL)}>Deleted</HeadCell>
                <HeadCell className="max-sm:hidden">Gone for good</HeadCell>
                {isRoot && <HeadCell className="max-md:hidden">Owner</HeadCell>}
                <HeadCell hideLabel>Actions</HeadCell>
              </tr>
            </TableHead>
            <TableBody>
              {list.rows.map((row) => (
                <Row key={row.name}>
                  <RowHeader>
                    <ZoneName name={row.name} displayName={row.displayName} />
                    {row.contest && (
                      <div>
                        <ContestMark contest={row.contest} />
                      </div>
                    )}
                  </RowHeader>
                  <Cell>{row.deletedAt !== null && <RelativeTime at={row.deletedAt} />}</Cell>
                  <Cell className="max-sm:hidden">
                    {row.deletedAt !== null && <RelativeTime at={row.deletedAt + recycleBinDays * DAY} />}
                  </Cell>
                  {isRoot && <Cell className="max-md:hidden">{row.owner}</Cell>}
                  <Cell>
                    <BinActions
                      name={row.name}
                      displayName={row.displayName}
                      mayRestore={can(actor, "zone.write")}
                      mayPurge={can(actor, "zone.delete")}
                    />
                  </Cell>
                </Row>
              ))}
            </TableBody>
          </Table>
        )}
        <Pagination
          page={list.page}
          pageSize={list.pageSize}
          total={list.total}
          noun={list.total === 1 ? "zone" : "zones"}
          href={(page) => listAddress(PATH, query, { page }, USUAL)}
        />
      </Card>
    </>
  );
}
