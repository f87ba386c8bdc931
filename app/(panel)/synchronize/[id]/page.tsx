import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { LiveRefresh } from "@/components/live/live-refresh";
import { ApplyPlan } from "@/components/sync/apply-plan";
import { DiscardPlan } from "@/components/sync/discard-plan";
import { JobProgress } from "@/components/sync/job-progress";
import { PlanMembers } from "@/components/sync/plan-members";
import { PlanSteps } from "@/components/sync/plan-steps";
import { counted, JOB_WORDS, jobState } from "@/components/sync/sync-words";
import { Banner } from "@/components/ui/banner";
import { Card } from "@/components/ui/card";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import { toUnicode } from "@/lib/dns/name";
import { getJob, type JobView, jobItems } from "@/lib/sync-jobs/queries";
import { type ItemQuery, itemQuery, jobId } from "@/lib/sync-jobs/schemas";
import { clusterPage } from "../../cluster/cluster-page";

export const metadata: Metadata = { title: "Synchronization" };

/** While a job is under way its page asks this often even if nothing is told, in ms. */
const SAFETY_NET = 2_000;

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SynchronizationPage({ params, searchParams }: Props) {
  const id = jobId.safeParse(Number((await params).id));
  if (!id.success) notFound();
  const query = itemQuery.parse(await searchParams);
  const { job, items } = await clusterPage(async (ctx, actor) => {
    const job = await getJob(ctx, actor, id.data);
    return { job, items: await jobItems(ctx, actor, { id: id.data, ...query }) };
  });
  const { kind, words } = jobState(job);
  const isUnderWay = job.state === "planning" || job.state === "applying" || job.counts.sent > 0;
  const path = `/synchronize/${job.id}`;
  return (
    <>
      <LiveRefresh topics={["sync", "cluster"]} everyMs={isUnderWay ? SAFETY_NET : undefined} />
      <PageHeader
        title={job.state === "ready" ? "What would be done" : "Synchronization"}
        crumbs={[
          {
            href: job.account === null ? "/synchronize" : `/synchronize?as=${job.accountId}`,
            label: "Synchronize DNS Records",
          },
        ]}
        description={
          <>
            {JOB_WORDS[job.choice]}
            {job.zone !== null && (
              <>
                : <bdi className="break-all">{toUnicode(job.zone)}</bdi>
              </>
            )}
            {job.account !== null && (
              <>
                , of the account <bdi>{job.account}</bdi>
              </>
            )}
            . Asked for by <bdi>{job.actorName}</bdi>, <RelativeTime at={job.createdAt} />.
          </>
        }
      />
      <div className="flex flex-col gap-4">
        <Card title="State" actions={<Status kind={kind}>{words}</Status>}>
          <JobBody job={job} />
        </Card>
        {job.total > 0 && job.state !== "planning" && (
          <Card title="Steps" flush actions={<Filters job={job} query={query} />}>
            <PlanSteps items={items.rows} isOrphans={job.choice === "remove-orphans"} />
            {items.rows.length === 0 && <p className="p-4 text-muted">No step is like that.</p>}
            <Pagination
              page={items.page}
              pageSize={items.pageSize}
              total={items.total}
              noun={items.total === 1 ? "step" : "steps"}
              href={(page) => `${path}?show=${query.show}&page=${page}`}
            />
          </Card>
        )}
        {job.members.length > 0 && (
          <Card title="Servers that were asked" flush>
            <PlanMembers members={job.members} />
          </Card>
        )}
      </div>
    </>
  );
}

function JobBody({ job }: { job: JobView }) {
  const { state, total, compared, zones, counts, error, members } = job;
  if (state === "planning")
    return (
      <div className="flex flex-col items-start gap-3">
        <p>Every server is asked what it holds. This page shows the plan as soon as it is made.</p>
        <DiscardPlan id={job.id} />
      </div>
    );
  if (error !== null)
    return (
      <Banner tone="bad" title="No plan could be made">
        {error}
      </Banner>
    );
  if (total === 0 && state === "done") {
    const isWhole = members.every(({ problem }) => problem === null);
    return (
      <Banner tone={isWhole ? "ok" : "warn"} title="Nothing to do">
        {counted(compared, "zone")} compared: every server {isWhole ? "" : "that answered "}is as it should be.
      </Banner>
    );
  }
  return (
    <div className="flex flex-col gap-3">
      <p>
        {counted(compared, "zone")} compared; {zones === 1 ? "1 zone differs" : `${counted(zones, "zone")} differ`}.
        {state === "ready" && counts.failed > 0 && <> {counted(counts.failed, "step")} cannot be done.</>}
      </p>
      {state === "ready" ? <ApplyPlan job={job} /> : <JobProgress job={job} />}
      {job.changeSetId !== null && (
        <p>
          <Link href={`/changes/${job.changeSetId}`} className="link">
            Undo what was taken in…
          </Link>
        </p>
      )}
    </div>
  );
}

/** Which steps are shown, as links; only those that there are. */
function Filters({ job, query }: { job: JobView; query: ItemQuery }) {
  const trouble = job.counts.failed + job.counts.changed;
  const filters = [
    { show: "all", label: "All", count: job.total },
    { show: "marked", label: "Marked", count: job.marked },
    { show: "trouble", label: "Not done", count: trouble },
  ].filter(({ count }) => count > 0);
  if (filters.length < 2) return null;
  return (
    <nav aria-label="Steps to show" className="flex flex-wrap gap-3 text-xs">
      {filters.map(({ show, label, count }) => (
        <Link
          key={show}
          href={`/synchronize/${job.id}?show=${show}`}
          aria-current={show === query.show ? "page" : undefined}
          className="link aria-[current]:font-semibold"
          scroll={false}
        >
          {label} ({count})
        </Link>
      ))}
    </nav>
  );
}
