import Link from "next/link";
import { Status, type StatusKind } from "@/components/ui/status";
import type { NameserverStatus } from "@/lib/nameserver/status";
import { Mark } from "./mark";
import type { ShellServer } from "./shell";

/** The nameserver's states as people read them. */
export const NAMESERVER_STATUS: Record<NameserverStatus["state"], { kind: StatusKind; words: string }> = {
  running: { kind: "ok", words: "Nameserver running" },
  starting: { kind: "partial", words: "Nameserver starting" },
  "backing-off": { kind: "warning", words: "Nameserver restarting" },
  stopped: { kind: "paused", words: "Nameserver stopped" },
  missing: { kind: "error", words: "Nameserver missing" },
  "port-in-use": { kind: "error", words: "Nameserver port in use" },
};

/** Which server this is, and whether its nameserver answers. */
export function ServerBadge({ server }: { server: ShellServer }) {
  const status = NAMESERVER_STATUS[server.nameserver];
  return (
    <div className="mb-4 px-2">
      <Link href="/" className="flex items-center gap-2 rounded-sm">
        <Mark className="size-5 shrink-0" />
        <span className="font-semibold text-base tracking-tight">Zonefleet</span>
      </Link>
      <p className="mt-2 break-words font-medium leading-4" title={server.hostname}>
        {server.hostname}
      </p>
      <p className="text-muted text-xs">{server.kind === "dns-only" ? "DNS-only" : "Web server"}</p>
      <Status kind={status.kind} className="mt-0.5 text-muted text-xs">
        {status.words}
      </Status>
    </div>
  );
}
