import type { NameserverStatus } from "../status";

/** What a server with a nameserver that runs says of it. */
export const RUNNING: NameserverStatus = {
  ...{ state: "running", reason: null, since: 0, software: "Knot DNS", version: "3.2.6" },
  ...{ pid: 1, restarts: 0, listen: [] },
};
