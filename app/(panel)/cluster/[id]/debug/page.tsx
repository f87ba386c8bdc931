import { Download } from "lucide-react";
import type { Metadata } from "next";
import { ClearTransactions } from "@/components/cluster/clear-transactions";
import { DebugFilter } from "@/components/cluster/debug-filter";
import { DebugTransactions } from "@/components/cluster/debug-transactions";
import { LiveRefresh } from "@/components/live/live-refresh";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { Status } from "@/components/ui/status";
import { type DebugView, debugQuery, debugTransactions } from "@/lib/members/debug-service";
import { clusterPage, memberIdOf } from "../../cluster-page";

export const metadata: Metadata = { title: "Transactions with a server in your DNS cluster" };

interface DebugPageProps {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function DebugPage({ params, searchParams }: DebugPageProps) {
  const id = memberIdOf((await params).id);
  const query = debugQuery.parse(await searchParams);
  const view = await clusterPage((ctx, actor) => debugTransactions(ctx, actor, { id, ...query }));
  const { page: _, ...filter } = query;
  const href = (page: number) => `/cluster/${id}/debug?${new URLSearchParams({ ...filter, page: String(page) })}`;
  return (
    <>
      <LiveRefresh topics={["cluster"]} calmMs={1_000} />
      <PageHeader
        title="Transactions"
        crumbs={[
          { href: "/cluster", label: "DNS Cluster" },
          { href: `/cluster/${id}`, label: view.memberName },
        ]}
        description={`What this server asked ${view.memberName}, and what it answered. Passwords, tokens and keys are taken out. Times are UTC.`}
        actions={view.recorded > 0 && <Actions id={id} view={view} />}
      />
      <div className="flex flex-col gap-4">
        <Card title="Debug mode">
          <DebugMode id={id} view={view} />
        </Card>
        <Card flush>
          {view.recorded > 0 && <DebugFilter id={id} query={query} commands={view.commands} />}
          {view.recorded > 0 && view.total === 0 ? (
            <EmptyState title="Nothing matches">No recorded transaction matches the filter.</EmptyState>
          ) : (
            <DebugTransactions transactions={view.rows} isOn={view.isOn} />
          )}
          {view.total > 0 && <Pagination {...view} noun="transactions" href={href} />}
        </Card>
      </div>
    </>
  );
}

function Actions({ id, view }: { id: number; view: DebugView }) {
  return (
    <>
      <Button asChild>
        <a href={`/api/cluster/${id}/debug`} download>
          <Download /> Download
        </a>
      </Button>
      <ClearTransactions id={id} name={view.memberName} />
    </>
  );
}

function DebugMode({ id, view }: { id: number; view: DebugView }) {
  return (
    <div className="flex flex-col gap-2">
      <Status kind={view.isOn ? "ok" : "paused"}>{view.isOn ? "On" : "Off"}</Status>
      <p>
        {view.isOn ? "Every exchange with this server is recorded" : "Nothing is recorded now. Records are kept"}
        {view.path && (
          <>
            {" "}
            in <code className="break-all">{view.path}</code>
          </>
        )}
        . A file is put aside at 4 MB; the one put aside before it is dropped.
      </p>
      <p>
        <Link href={`/cluster/${id}/edit`} className="link">
          Turn debug mode {view.isOn ? "off" : "on"}
        </Link>{" "}
        where the server is edited.
      </p>
    </div>
  );
}
