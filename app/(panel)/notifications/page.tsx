import { Bell } from "lucide-react";
import type { Metadata } from "next";
import { LiveRefresh } from "@/components/live/live-refresh";
import { DeliveryState } from "@/components/notifications/delivery-state";
import { NoticeTone } from "@/components/notifications/notice-tone";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { RelativeTime } from "@/components/ui/relative-time";
import { SearchInput } from "@/components/ui/search-input";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import { currentActor } from "@/lib/auth/session";
import { listNotices, type NoticeRow } from "@/lib/notifications/queries";
import { noticeListQuery } from "@/lib/notifications/schemas";
import { runtime } from "@/lib/runtime";
import { StateLinks } from "./state-links";

export const metadata: Metadata = { title: "Notifications" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function NotificationsPage({ searchParams }: Props) {
  const actor = await currentActor("notice.read");
  const query = noticeListQuery.parse(await searchParams);
  const { rows, total, page, pageSize } = await listNotices(runtime(), actor, query);
  const q = query.q.trim();
  const address = (changes: Partial<typeof query>) => {
    const wanted = { q, state: query.state, page: 1, ...changes };
    const params = new URLSearchParams();
    if (wanted.q !== "") params.set("q", wanted.q);
    if (wanted.state !== "all") params.set("state", wanted.state);
    if (wanted.page > 1) params.set("page", String(wanted.page));
    return `/notifications${params.size > 0 ? `?${params}` : ""}`;
  };
  const isNarrowed = q !== "" || query.state !== "all";
  return (
    <>
      <LiveRefresh topics={["notices"]} />
      <PageHeader
        title="Notifications"
        description="What people were told, by mail and webhook, and whether it reached them."
        actions={
          <Button asChild>
            <Link href="/account">What I am told of</Link>
          </Button>
        }
      />
      <Card flush>
        <div className="flex flex-wrap items-center gap-3 border-line border-b p-2">
          <SearchInput label="Search notifications" placeholder="Member, event or address" />
          <StateLinks state={query.state} href={(state) => address({ state })} />
        </div>
        {rows.length === 0 ? (
          <EmptyState icon={<Bell />} title={isNarrowed ? "Nothing matches" : "Nothing to tell yet"}>
            {isNarrowed
              ? "No notification is like that."
              : "Members that fail and come back, broken trusts, tokens and certificates that expire appear here."}
          </EmptyState>
        ) : (
          <NoticeTable rows={rows} />
        )}
        <Pagination
          page={page}
          pageSize={pageSize}
          total={total}
          noun={total === 1 ? "notification" : "notifications"}
          href={(number) => address({ page: number })}
        />
      </Card>
    </>
  );
}

function NoticeTable({ rows }: { rows: readonly NoticeRow[] }) {
  return (
    <Table label="Notifications">
      <TableHead>
        <tr>
          <HeadCell>What</HeadCell>
          <HeadCell>When</HeadCell>
          <HeadCell>Told</HeadCell>
        </tr>
      </TableHead>
      <TableBody>
        {rows.map(({ id, subject, tone, raisedAt, isOpen, withheld, deliveries }) => (
          <Row key={id}>
            <RowHeader className="min-w-48 [overflow-wrap:anywhere]">
              <span className="flex flex-wrap items-center gap-2">
                <NoticeTone tone={tone} />
                <Link href={`/notifications/${id}`} className="hover:underline">
                  {subject}
                </Link>
                {isOpen && <Badge tone="warn">goes on</Badge>}
              </span>
            </RowHeader>
            <Cell className="whitespace-nowrap text-muted">
              <RelativeTime at={raisedAt} />
            </Cell>
            <Cell className="min-w-56">
              {withheld !== null && <span className="text-muted text-xs">{withheld}</span>}
              {withheld === null && deliveries.length === 0 && (
                <span className="text-muted text-xs">Not sent to you</span>
              )}
              {deliveries.map((delivery) => (
                <DeliveryState key={delivery.id} delivery={delivery} />
              ))}
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}
