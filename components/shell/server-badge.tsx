import { Link } from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { Mark } from "./mark";
import { NAMESERVER_STATUS } from "./nameserver-words";
import type { ShellServer } from "./shell";

/** Which server this is, and whether its nameserver answers. */
export function ServerBadge({ server }: { server: ShellServer }) {
  const status = NAMESERVER_STATUS[server.nameserver];
  return (
    <div className="mb-4 px-2">
      <Link href="/" className="target flex items-center gap-2 rounded-sm">
        <Mark className="size-5 shrink-0" />
        <span className="font-semibold text-base tracking-tight">Zonefleet</span>
      </Link>
      <p className="mt-2 break-words font-medium leading-4" title={server.hostname}>
        {server.hostname}
      </p>
      <p className="text-muted text-xs">{server.kind === "dns-only" ? "DNS-only" : "Web server"}</p>
      <Status kind={status.kind} className="mt-0.5 text-muted text-xs">
        Nameserver {status.words.toLowerCase()}
      </Status>
    </div>
  );
}
