import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { Link } from "@/components/ui/link";
import { Pagination } from "@/components/ui/pagination";
import { RelativeTime } from "@/components/ui/relative-time";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import { zonePath } from "@/components/zones/zone-path";
import { ZoneRefresh } from "@/components/zones/zone-refresh";
import { can } from "@/lib/access/authorize";
import { runtime } from "@/lib/runtime";
import { type RevisionRow, zoneHistory } from "@/lib/zones/queries-history";
import { zoneListQuery } from "@/lib/zones/schemas";
import { zoneOfPage } from "../zone-page";
import { KIND_WORDS } from "./kind-words";
import { RestoreRevision } from "./restore-revision";

interface Props {
  params: Promise<{ name: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function HistoryPage({ params, searchParams }: Props) {
  const { actor, view } = await zoneOfPage((await params).name);
  const { page } = zoneListQuery.parse(await searchParams);
  const history = await zoneHistory(runtime(), actor, { name: view.name, page });
  const mayRestore = can(actor, "zone.write");
  const path = zonePath(view.name, "/history");
  return (
    <Card flush>
      <ZoneRefresh name={view.name} calmMs={1_000} />
      <Table label="Revisions">
        <TableHead>
          <tr>
            <HeadCell>When</HeadCell>
            <HeadCell>What</HeadCell>
            <HeadCell>Who</HeadCell>
            <HeadCell>Reason</HeadCell>
            <HeadCell numeric className="max-md:hidden">
              Records
            </HeadCell>
            <HeadCell numeric className="max-sm:hidden">
              Serial
            </HeadCell>
            <HeadCell hideLabel>Actions</HeadCell>
          </tr>
        </TableHead>
        <TableBody>
          {history.revisions.map((revision) => (
            <Row key={revision.seq}>
              <RowHeader>
                <Link href={`${path}/${revision.seq}`} className="target hover:underline">
                  <RelativeTime at={revision.createdAt} />
                </Link>
              </RowHeader>
              <Cell>
                <span className="flex flex-wrap items-center gap-1.5">
                  {KIND_WORDS[revision.kind]}
                  {revision.isCurrent && <Badge tone="accent">current</Badge>}
                  {revision.changeSetId !== null && (
                    <Link href={`/changes/${revision.changeSetId}`} className="link text-xs">
                      change set
                    </Link>
                  )}
                </span>
              </Cell>
              <Cell>
                <Who revision={revision} />
              </Cell>
              <Cell className="max-w-[28ch]">
                <bdi className="block truncate" title={revision.reason}>
                  {revision.reason}
                </bdi>
              </Cell>
              <Cell numeric className="max-md:hidden">
                {revision.recordCount}
              </Cell>
              <Cell numeric className="font-mono text-xs max-sm:hidden">
                {revision.serial}
              </Cell>
              <Cell className="text-right">
                {mayRestore && !revision.isCurrent && revision.kind !== "delete" && (
                  <RestoreRevision name={view.name} seq={revision.seq} serial={revision.serial} size="sm" />
                )}
              </Cell>
            </Row>
          ))}
        </TableBody>
      </Table>
      <Pagination
        page={history.page}
        pageSize={history.pageSize}
        total={history.total}
        noun={history.total === 1 ? "revision" : "revisions"}
        href={(next) => (next === 1 ? path : `${path}?page=${next}`)}
      />
    </Card>
  );
}

function Who({ revision }: { revision: RevisionRow }) {
  return (
    <>
      <bdi>{revision.actorName}</bdi>
      {revision.origin && (
        <span className="text-muted">
          {" "}
          from <bdi>{revision.origin}</bdi>
        </span>
      )}
    </>
  );
}
