import { NAMESERVER_STATUS } from "@/components/shell/nameserver-words";
import { Card } from "@/components/ui/card";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import type { NameserverStatus } from "@/lib/nameserver/status";

/** The supervised nameserver: what it is, where it answers, since when. */
export function NameserverCard({ status }: { status: NameserverStatus }) {
  const { kind, words } = NAMESERVER_STATUS[status.state];
  return (
    <Card title="Local nameserver">
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
        <dt className="text-muted">State</dt>
        <dd>
          <Status kind={kind}>{words}</Status>
        </dd>
        <dt className="text-muted">Since</dt>
        <dd>{status.since > 0 ? <RelativeTime at={status.since} /> : "—"}</dd>
        <dt className="text-muted">Software</dt>
        <dd>
          {status.software} {status.version ?? ""}
        </dd>
        <dt className="text-muted">Listens on</dt>
        <dd className="break-all font-mono text-xs leading-5">
          {status.listen.length === 0 ? "—" : status.listen.map(({ address, port }) => `${address}@${port}`).join(", ")}
        </dd>
        {status.restarts > 0 && (
          <>
            <dt className="text-muted">Restarts</dt>
            <dd>{status.restarts} since the panel started</dd>
          </>
        )}
      </dl>
    </Card>
  );
}
