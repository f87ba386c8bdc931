import type { StatusKind } from "@/components/ui/status";
import type { NameserverStatus } from "@/lib/nameserver/status";

/** The nameserver's states as people read them. */
export const NAMESERVER_STATUS: Readonly<Record<NameserverStatus["state"], { kind: StatusKind; words: string }>> = {
  running: { kind: "ok", words: "Running" },
  starting: { kind: "partial", words: "Starting" },
  "backing-off": { kind: "warning", words: "Restarting" },
  stopped: { kind: "paused", words: "Stopped" },
  missing: { kind: "error", words: "Missing" },
  "port-in-use": { kind: "error", words: "Port in use" },
};
