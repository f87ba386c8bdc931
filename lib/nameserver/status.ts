import type { DnsAddress } from "@/lib/drivers/driver";

/** What the supervised nameserver is doing, for the first page and the log. */
export interface NameserverStatus {
  readonly state: "missing" | "starting" | "running" | "backing-off" | "stopped" | "port-in-use";
  /** Why, and what to do about it, when it is not running. */
  readonly reason: string | null;
  /** Epoch milliseconds of the last change of state. */
  readonly since: number;
  readonly software: "Knot DNS";
  readonly version: string | null;
  readonly pid: number | null;
  /** How often it had to be started again since the panel started. */
  readonly restarts: number;
  readonly listen: readonly DnsAddress[];
}
