import { Banner } from "@/components/ui/banner";
import { CodeBlock } from "@/components/ui/code-block";
import type { NameserverStatus } from "@/lib/nameserver/status";

/** The first line keeps Debian's own service of it from starting: the panel runs its own. */
const INSTALL = `sudo systemctl mask knot
sudo apt-get install -y --no-install-recommends knot knot-dnsutils`;

const TITLES: Partial<Record<NameserverStatus["state"], string>> = {
  missing: "No nameserver is installed on this server",
  "port-in-use": "Another program uses the nameserver's address and port",
  "backing-off": "The nameserver keeps stopping and is started again",
  stopped: "The nameserver is stopped",
};

/** What keeps this server from answering DNS queries, and what to do about it. Nothing while all is well. */
export function NameserverProblem({ status }: { status: NameserverStatus }) {
  const title = TITLES[status.state];
  if (!title) return null;
  return (
    <Banner
      tone={status.state === "stopped" || status.state === "backing-off" ? "warn" : "bad"}
      title={title}
      className="mb-4"
    >
      {status.reason && <p>{status.reason}</p>}
      {status.state === "missing" && (
        <>
          <p className="mt-1 mb-2">
            Zones can be edited and are sent to the cluster, but this server itself answers no queries. To install Knot
            DNS without starting Debian's own service of it:
          </p>
          <CodeBlock label="install command" code={INSTALL} className="bg-surface" />
        </>
      )}
    </Banner>
  );
}
