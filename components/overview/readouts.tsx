import type { ReactNode } from "react";
import { Link } from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import type { ClusterSummary } from "@/lib/overview/cluster-summary";
import type { ZoneCounts } from "@/lib/overview/zone-counts";
import type { EverywhereSummary } from "@/lib/proof/queries-everywhere";

const figure = new Intl.NumberFormat("en");

interface ReadoutProps {
  label: string;
  value: number;
  /** Where the figure comes from. */
  href: string;
  /** What the figure means now. */
  children: ReactNode;
}

function Readout({ label, value, href, children }: ReadoutProps) {
  return (
    <div className="relative flex-1 basis-40 border-line border-r border-b bg-surface px-4 py-3 hover:bg-raised">
      <dt className="text-muted text-xs">
        <Link href={href} className="after:absolute after:inset-0">
          {label}
        </Link>
      </dt>
      <dd className="mt-0.5">
        <span className="block font-mono text-2xl tracking-tight">{figure.format(value)}</span>
        <span className="text-muted text-xs">{children}</span>
      </dd>
    </div>
  );
}

interface ReadoutsProps {
  zones: ZoneCounts;
  everywhere: EverywhereSummary;
  cluster: ClusterSummary | null;
}

/** The figures of the first page in one strip. */
export function Readouts({ zones, everywhere, cluster }: ReadoutsProps) {
  const { waiting } = zones;
  return (
    <dl className="flex flex-wrap overflow-hidden rounded-lg border-line border-t border-l">
      <Readout label="Zones" value={zones.zones} href="/zones">
        {zones.resting > 0 ? `${figure.format(zones.resting)} in the recycle bin` : "Recycle bin empty"}
      </Readout>
      {waiting !== null && (
        <Readout label="Changes on their way" value={waiting} href="/zones?sort=updated&dir=desc">
          {waiting === 0 ? <Status kind="ok">Everything is sent</Status> : <Status kind="waiting">Being sent</Status>}
        </Readout>
      )}
      <Readout
        label="Served everywhere"
        value={everywhere.zones - everywhere.notEverywhere}
        href={everywhere.notEverywhere === 0 ? "/proof" : "/proof/problems"}
      >
        <EverywhereWords everywhere={everywhere} />
      </Readout>
      {cluster && (
        <Readout label="Servers in your DNS cluster" value={cluster.total} href="/cluster">
          <ClusterWords cluster={cluster} />
        </Readout>
      )}
    </dl>
  );
}

function EverywhereWords({ everywhere }: { everywhere: EverywhereSummary }) {
  const { zones, notEverywhere, isCapped, problems, targets } = everywhere;
  if (targets === 0) return <Status kind="unknown">No nameserver yet</Status>;
  if (notEverywhere === 0 && problems === 0)
    return <Status kind={zones === 0 ? "unknown" : "ok"}>{zones === 0 ? "No zones yet" : "Nothing differs"}</Status>;
  const words = `${figure.format(notEverywhere)}${isCapped ? "+" : ""} not yet everywhere`;
  if (problems === 0) return <Status kind="waiting">{words}</Status>;
  return (
    <Status kind="warning" className="whitespace-normal">
      {words}, {figure.format(problems)} {problems === 1 ? "problem" : "problems"}
    </Status>
  );
}

function ClusterWords({ cluster }: { cluster: ClusterSummary }) {
  if (!cluster.isEnabled) return <Status kind="paused">Clustering disabled</Status>;
  if (cluster.total === 0) return <Status kind="unknown">None added yet</Status>;
  if (cluster.disabled > 0)
    return (
      <Status kind="error">{`${figure.format(cluster.disabled)} disabled, ${figure.format(cluster.online)} online`}</Status>
    );
  if (cluster.online === cluster.total) return <Status kind="ok">All online</Status>;
  return <Status kind="warning">{`${figure.format(cluster.online)} online`}</Status>;
}
