import { History } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import { zonePath } from "@/components/zones/zone-path";
import type { RecentChange } from "@/lib/overview/recent-changes";

const KIND_WORDS: Record<RecentChange["kind"], string> = {
  create: "added",
  edit: "edited",
  delete: "deleted",
  restore: "restored",
  import: "replaced",
  receive: "received",
  move: "given to another account",
};

/** The zones that changed last: who, when, and how far the change has come. */
export function RecentChanges({ changes }: { changes: readonly RecentChange[] }) {
  return (
    <Card title="Recent changes" flush>
      {changes.length === 0 ? (
        <EmptyState
          icon={<History />}
          title="Nothing has changed yet"
          action={
            <Button asChild>
              <Link href="/zones/add">Add a zone</Link>
            </Button>
          }
        >
          Every change of a zone appears here, with who made it and which nameservers answer with it.
        </EmptyState>
      ) : (
        <ol>
          {changes.map((change) => (
            <li
              key={change.seq}
              className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 border-line border-b px-4 py-1.5 last:border-b-0 hover:bg-ink/3 sm:grid-cols-[minmax(0,1fr)_minmax(9.5rem,auto)_6.5rem]"
            >
              <span>
                <ZoneLink change={change} /> <span className="text-muted">{KIND_WORDS[change.kind]} by</span>{" "}
                {change.actorName}
                {change.reason && <span className="block truncate text-muted text-xs">{change.reason}</span>}
              </span>
              <span className="max-sm:row-start-2">
                <Delivery delivery={change.delivery} />
              </span>
              <span className="text-right text-muted">
                <RelativeTime at={change.at} />
              </span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

function ZoneLink({ change }: { change: RecentChange }) {
  const href = change.kind === "delete" ? "/recycle-bin" : zonePath(change.name);
  return (
    <Link href={href} className="target break-all font-medium hover:underline">
      <bdi>{change.displayName}</bdi>
    </Link>
  );
}

function Delivery({ delivery }: { delivery: RecentChange["delivery"] }) {
  const { state, served, targets, servedMs } = delivery;
  const figures = served === null || targets === null || targets < 2 ? "" : ` ${served} of ${targets}`;
  if (state === "served")
    return (
      <Status kind="ok">
        Served{servedMs !== null && <span className="text-muted"> in {durationWords(servedMs)}</span>}
      </Status>
    );
  if (state === "accepted") return <Status kind="partial">Accepted, served{figures || " not yet"}</Status>;
  return <Status kind="waiting">On its way{figures && `, served${figures}`}</Status>;
}

/** "14 ms", "1.2 s", "3 min": as exact as it is of interest. */
export function durationWords(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.round(ms / 60_000)} min`;
}
