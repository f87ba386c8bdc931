import { ScrollText } from "lucide-react";
import type { Metadata } from "next";
import { LiveRefresh } from "@/components/live/live-refresh";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { RelativeTime } from "@/components/ui/relative-time";
import { SearchInput } from "@/components/ui/search-input";
import { Cell, HeadCell, Row, Table, TableBody, TableHead } from "@/components/ui/table";
import { utcWords } from "@/components/ui/time-words";
import { type AuditRow, auditQuery, listAudit } from "@/lib/audit/queries";
import { currentActor } from "@/lib/auth/session";
import { runtime } from "@/lib/runtime";

export const metadata: Metadata = { title: "Audit log" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function AuditPage({ searchParams }: Props) {
  const actor = await currentActor("audit.read");
  const query = auditQuery.parse(await searchParams);
  const { rows, total, page, pageSize } = await listAudit(runtime(), actor, query);
  const q = query.q.trim();
  return (
    <>
      <LiveRefresh topics={["audit"]} />
      <PageHeader title="Audit log" description="Who did what, from where. Times are UTC." />
      <Card flush>
        <div className="border-line border-b p-2">
          <SearchInput label="Search the audit log" placeholder="Who, what, on what, or from where" />
        </div>
        {rows.length === 0 ? (
          <EmptyState icon={<ScrollText />} title={q ? "Nothing matches" : "Nothing was recorded yet"}>
            {q ? `No event contains “${q}”.` : "Sign-ins and every change appear here."}
          </EmptyState>
        ) : (
          <AuditTable rows={rows} />
        )}
        <Pagination
          page={page}
          pageSize={pageSize}
          total={total}
          noun={total === 1 ? "event" : "events"}
          href={(number) => `/audit?${new URLSearchParams({ ...(q ? { q } : {}), page: String(number) })}`}
        />
      </Card>
    </>
  );
}

function AuditTable({ rows }: { rows: readonly AuditRow[] }) {
  return (
    <Table label="Audit log">
      <TableHead>
        <tr>
          <HeadCell>Time</HeadCell>
          <HeadCell>Who</HeadCell>
          <HeadCell>Did</HeadCell>
          <HeadCell>On</HeadCell>
          <HeadCell>From</HeadCell>
          <HeadCell>Detail</HeadCell>
        </tr>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <Row key={row.id}>
            <Cell className="whitespace-nowrap font-mono text-xs">
              {utcWords(row.at).replace(" UTC", "")}
              <span className="ml-2 font-sans text-muted max-xl:hidden">
                <RelativeTime at={row.at} />
              </span>
            </Cell>
            <Cell className="whitespace-nowrap font-medium">{row.actorName}</Cell>
            <Cell className="whitespace-nowrap font-mono text-xs">{row.action}</Cell>
            <Cell className="min-w-48 [overflow-wrap:anywhere]">{row.subject}</Cell>
            <Cell className="whitespace-nowrap font-mono text-muted text-xs">{row.address ?? "—"}</Cell>
            <Cell className="min-w-48 text-muted text-xs">
              {row.detail.map((line) => (
                <span key={line} className="mr-3 inline-block break-all">
                  {line}
                </span>
              ))}
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}
