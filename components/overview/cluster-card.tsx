import { MemberState } from "@/components/cluster/member-state";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Link } from "@/components/ui/link";
import { RelativeTime } from "@/components/ui/relative-time";
import type { ClusterSummary } from "@/lib/overview/cluster-summary";

/** The members of the DNS cluster, those that need attention first. */
export function ClusterCard({ cluster }: { cluster: ClusterSummary }) {
  const { members, total, isEnabled } = cluster;
  return (
    <Card title="DNS Cluster" flush>
      {total === 0 ? (
        <div className="flex flex-col items-start gap-3 p-4 text-muted">
          <p>
            {isEnabled
              ? "No server is linked yet. Zones are served here only."
              : "Clustering is disabled. Enable it to send zones to other servers."}
          </p>
          <Button asChild>
            <Link href="/cluster">{isEnabled ? "Add a server" : "Enable clustering"}</Link>
          </Button>
        </div>
      ) : (
        <ul>
          {members.map((member) => (
            <li
              key={member.id}
              className="flex flex-wrap items-baseline justify-between gap-x-3 border-line border-b px-4 py-1.5 last:border-b-0"
            >
              <Link href={`/cluster/${member.id}`} className="target break-all font-medium hover:underline">
                {member.name}
              </Link>
              <span className="text-muted text-xs">
                {member.lastAnswerAt === null ? "No answer yet" : <RelativeTime at={member.lastAnswerAt} />}
              </span>
              <div className="basis-full">
                <MemberState status={member.status} />
              </div>
            </li>
          ))}
          {total > members.length && (
            <li className="px-4 py-2">
              <Link href="/cluster" className="link">
                All {total} servers
              </Link>
            </li>
          )}
        </ul>
      )}
    </Card>
  );
}
