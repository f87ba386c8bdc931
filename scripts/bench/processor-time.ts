import { readFileSync } from "node:fs";
import type { ClusterServer } from "@/lib/server/testing/start-cluster";

/** Of a clock tick in /proc, as every Linux has it. */
const TICK_MS = 10;

/** Milliseconds that a server and its nameserver have had a processor for so far; by name. */
export function processorTimes(servers: readonly ClusterServer[]): ReadonlyMap<string, number> {
  return new Map(servers.map(({ name, process }) => [name, ownTime(process.pid) + childrenTime(process.pid)]));
}

function childrenTime(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return children === "" ? 0 : children.split(" ").reduce((sum, child) => sum + ownTime(Number(child)), 0);
}

/** proc(5): utime and stime are the 14th and 15th field; the 2nd, in parentheses, may hold spaces. */
function ownTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
