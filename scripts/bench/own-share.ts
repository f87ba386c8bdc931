import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import path from "node:path";
import { errorMessage } from "@/lib/errors";
import type { ClusterServer } from "@/lib/server/testing/start-cluster";

/**
 * Gives every server of a chain the same part of a processor of its own, with its nameserver: so they are compared as machines of their own are. Without it
 * a chain of four on two cores is slower than a direct link because it has less to compute with, which no fleet of machines has.
 * By Linux's control groups, version 1 or 2, which root may make.
 */

/** Short, so that a server waits for its next part no longer than a network takes. */
const PERIOD_US = 10_000;
/** Part of the cores that is shared out. Much is left free: two virtual cores may be one, on which servers that work at once slow each other down. */
const SHARED_OUT = 0.4;

/** Cores that each server gets, however many a structure has: the structures are compared with each other. */
export function ownShare(servers: number): number {
  return Math.min(1, Math.floor(((cpus().length * SHARED_OUT) / servers) * 100) / 100);
}

/**
 * @param share cores for each of them
 * @returns what lets them have all of it again; or why it cannot be done here
 */
export function giveOwnShare(servers: readonly ClusterServer[], share: number): (() => void) | string {
  const groups: string[] = [];
  const free = () => groups.splice(0).forEach(dissolve);
  try {
    for (const { name, process } of servers) {
      const group = path.join(groupsFolder(), `zonefleet-bench-${globalThis.process.pid}-${name}`);
      mkdirSync(group);
      groups.push(group);
      limit(group, Math.round(share * PERIOD_US));
      for (const pid of [process.pid, ...childrenOf(process.pid)]) move(String(pid), group);
    }
    return free;
  } catch (error) {
    free();
    return `not measured: processor time cannot be shared out (${errorMessage(error)})`;
  }
}

function move(pid: string, group: string): void {
  writeFileSync(path.join(group, "cgroup.procs"), pid);
}

function dissolve(group: string): void {
  const pids = readFileSync(path.join(group, "cgroup.procs"), "utf8").split("\n");
  for (const pid of pids) if (pid !== "") move(pid, path.dirname(group));
  rmdirSync(group);
}

function groupsFolder(): string {
  const first = "/sys/fs/cgroup/cpu";
  return existsSync(path.join(first, "cpu.cfs_quota_us")) ? first : "/sys/fs/cgroup";
}

function limit(group: string, quotaUs: number): void {
  const set = (file: string, value: string | number) => writeFileSync(path.join(group, file), String(value));
  if (existsSync(path.join(group, "cpu.cfs_quota_us"))) {
    set("cpu.cfs_period_us", PERIOD_US);
    set("cpu.cfs_quota_us", quotaUs);
  } else {
    // Version 2 hands a controller down only where it is told to.
    writeFileSync(path.join(path.dirname(group), "cgroup.subtree_control"), "+cpu");
    set("cpu.max", `${quotaUs} ${PERIOD_US}`);
  }
}

function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return children === "" ? [] : children.split(" ").map(Number);
}
