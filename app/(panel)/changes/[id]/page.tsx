import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { CHANGE_STATES, changeTitle, counted } from "@/components/changes/change-words";
import { ChangedZones } from "@/components/changes/changed-zones";
import { ItemList } from "@/components/changes/item-list";
import { ItemProgress } from "@/components/changes/item-progress";
import { PlanActions } from "@/components/changes/plan-actions";
import { UndoSet } from "@/components/changes/undo-set";
import { LiveRefresh } from "@/components/live/live-refresh";
import { Banner } from "@/components/ui/banner";
import { Card } from "@/components/ui/card";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import { orNotFound } from "@/lib/auth/or-not-found";
import { currentActor } from "@/lib/auth/session";
import { type ChangeSetView, getChangeSet } from "@/lib/change-sets/queries";
import { changeItems } from "@/lib/change-sets/queries-items";
import { changedZones } from "@/lib/change-sets/queries-zones";
import { changeSetId, changeZonesQuery, itemsQuery } from "@/lib/change-sets/schemas";
import { runtime } from "@/lib/runtime";

export const metadata: Metadata = { title: "Change set" };

/** While a change set is under way its page asks this often even if nothing is told, in ms. */
const SAFETY_NET = 1_000;

type Params = Record<string, string | string[] | undefined>;

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Params>;
}

export default async function ChangeSetPage({ params, searchParams }: Props) {
  const id = changeSetId.safeParse(Number((await params).id));
  if (!id.success) notFound();
  const actor = await currentActor();
  const set = await orNotFound(getChangeSet(runtime(), actor, { id: id.data }));
  const query = await searchParams;
  const { kind, words } = CHANGE_STATES[set.state];
  const isUnderWay = set.state === "planning" || set.state === "running";
  return (
    <>
      <LiveRefresh topics={["zones"]} everyMs={isUnderWay ? SAFETY_NET : undefined} />
      <PageHeader
        title={<span className="break-words">{changeTitle(set)}</span>}
        crumbs={[{ href: "/changes", label: "Change sets" }]}
        description={
          <>
            {set.appliedAt === null ? "Asked for" : "Done"} by <bdi>{set.actorName}</bdi>,{" "}
            <RelativeTime at={set.appliedAt ?? set.createdAt} />.
          </>
        }
        actions={
          set.mayUndo && set.counts.open > 0 && <UndoSet id={set.id} open={set.counts.open} later={set.counts.later} />
        }
      />
      <div className="flex flex-col gap-4">
        <Card title="State" actions={<Status kind={kind}>{words}</Status>}>
          <StateBody set={set} />
        </Card>
        {set.appliedAt === null || set.counts.open + set.counts.later + set.counts.undone === 0 ? null : (
          <Zones set={set} query={query} />
        )}
        {set.items && <Items set={set} query={query} />}
      </div>
    </>
  );
}

function StateBody({ set }: { set: ChangeSetView }) {
  const { id, state, items, counts, undoOf, undoneBy } = set;
  if (state === "planning")
    return (
      <p role="status">
        Every zone is looked at.{" "}
        {items && items.counts.planned > 0 && `Found so far: ${counted(items.counts.planned, "zone")}. `}
        This page shows the plan as soon as it is made.
      </p>
    );
  if (state === "ready" && items) {
    const { planned } = items.counts;
    if (planned + items.counts["left-out"] === 0)
      return <Banner title="No zone has it">No record of this type has exactly this value.</Banner>;
    return (
      <div className="flex flex-col gap-3">
        <p>
          {counted(items.records, "record")} in {counted(planned, "zone")} would be changed. Each zone is checked as a
          whole, and gets one revision with a new serial.
        </p>
        <PlanActions id={id} zones={planned} leftOut={items.counts["left-out"]} />
      </div>
    );
  }
  const touched = counts.open + counts.later + counts.undone;
  return (
    <div className="flex flex-col gap-3">
      {set.error !== null && <Banner tone="warn">{set.error}</Banner>}
      {items && <ItemProgress id={id} counts={items.counts} isRunning={state === "running"} />}
      {!items && <p>{counted(touched, "zone")} changed.</p>}
      {touched > 0 && state !== "running" && (
        <p>
          {counted(counts.open, "zone")} can be undone
          {counts.later > 0 && <>, {counted(counts.later, "zone")} changed since</>}
          {counts.undone > 0 && <>, {counted(counts.undone, "zone")} undone already</>}.
        </p>
      )}
      {undoOf && (
        <p>
          It took back{" "}
          <Link href={`/changes/${undoOf.id}`} className="link">
            {changeTitle(undoOf)}
          </Link>
          .
        </p>
      )}
      {undoneBy.length > 0 && (
        <p>
          {undoneBy.map((other, index) => (
            <Link key={other} href={`/changes/${other}`} className="link mr-3">
              {undoneBy.length === 1 ? "See the undoing" : `See undoing ${index + 1}`}
            </Link>
          ))}
        </p>
      )}
    </div>
  );
}

async function Zones({ set, query }: { set: ChangeSetView; query: Params }) {
  const { page, show } = changeZonesQuery.parse(query);
  const zones = await changedZones(runtime(), await currentActor(), { id: set.id, page, show });
  const { open, later, undone } = set.counts;
  const path = `/changes/${set.id}`;
  const filters = [
    { show: "all", label: "All", count: open + later + undone },
    { show: "open", label: "Can be undone", count: open },
    { show: "later", label: "Changed since", count: later },
    { show: "undone", label: "Undone", count: undone },
  ];
  return (
    <Card title="What was changed" flush actions={<Filters path={path} filters={filters} here={show} />}>
      <ChangedZones id={set.id} rows={zones.rows} mayUndo={set.mayUndo} />
      {zones.rows.length === 0 && <p className="p-4 text-muted">No zone is like that.</p>}
      <Pagination
        page={zones.page}
        pageSize={zones.pageSize}
        total={zones.total}
        noun={zones.total === 1 ? "zone" : "zones"}
        href={(next) => `${path}?show=${show}&page=${next}`}
      />
    </Card>
  );
}

/** The zones of a plan; afterwards those of which nothing came. */
async function Items({ set, query }: { set: ChangeSetView; query: Params }) {
  const isPlan = set.state === "ready" || set.state === "planning";
  const given = itemsQuery.parse({ page: query.items, show: query.plan });
  const { page } = given;
  const show = isPlan ? given.show : "failed";
  const items = await changeItems(runtime(), await currentActor(), { id: set.id, page, show });
  const all = (set.items?.counts.planned ?? 0) + (set.items?.counts["left-out"] ?? 0);
  if (isPlan ? all === 0 : items.total === 0) return null;
  const path = `/changes/${set.id}`;
  const filters = [
    { show: "all", label: "All", count: all },
    { show: "left-out", label: "Left out", count: set.items?.counts["left-out"] ?? 0 },
  ];
  return (
    <Card
      title={isPlan ? "What would be changed" : "What was not done"}
      flush
      actions={isPlan && <Filters path={path} filters={filters} here={show} parameter="plan" />}
    >
      <ItemList id={set.id} rows={items.rows} isPlan={set.state === "ready"} />
      {items.rows.length === 0 && <p className="p-4 text-muted">No zone is like that.</p>}
      <Pagination
        page={items.page}
        pageSize={items.pageSize}
        total={items.total}
        noun={items.total === 1 ? "zone" : "zones"}
        href={(next) => `${path}?plan=${show}&items=${next}`}
      />
    </Card>
  );
}

interface FiltersProps {
  path: string;
  filters: readonly { readonly show: string; readonly label: string; readonly count: number }[];
  here: string;
  parameter?: string;
}

/** Which zones are shown, as links; only those that there are. */
function Filters({ path, filters, here, parameter = "show" }: FiltersProps) {
  const there = filters.filter(({ count }) => count > 0);
  if (there.length < 2) return null;
  return (
    <nav aria-label="Zones to show" className="flex flex-wrap gap-3 text-xs">
      {there.map(({ show, label, count }) => (
        <Link
          key={show}
          href={`${path}?${parameter}=${show}`}
          aria-current={show === here ? "page" : undefined}
          className="link aria-[current]:font-semibold"
          scroll={false}
        >
          {label} ({count})
        </Link>
      ))}
    </nav>
  );
}
