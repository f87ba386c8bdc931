import type { DnsRole } from "@/lib/members/dns-role";
import { plainAddress } from "@/lib/net/address-set";

/** An entry of a WHM server's DNS cluster: `cluster/USER/config/NODE` with its role. */
export interface WhmNode {
  /** USER/NODE: tells entries apart. */
  readonly key: string;
  readonly user: string;
  /** As the entry names the remote server; the file's name where it does not. */
  readonly host: string;
  readonly username: string;
  /** API token or remote access hash; empty when there is none. */
  readonly token: string;
  /** WHM's name of the backend: "cPanel" for WHM servers. */
  readonly module: string;
  readonly debug: boolean;
  /** null: no role was recorded. */
  readonly role: DnsRole | null;
  /** WHM had switched it off after failures. */
  readonly isDown: boolean;
}

/** The cluster configuration of a WHM server, as its files tell it. */
export interface WhmConfig {
  readonly isEnabled: boolean;
  readonly nodes: readonly WhmNode[];
  /** null: not recorded. 0: never disable. */
  readonly failureThreshold: number | null;
  readonly notifyOnDisable: boolean | null;
  /** Addresses that were entered by hand (Configure Remote Service IPs). */
  readonly trustedIps: readonly string[];
}

/** The file holds WHM's word, or the longer one of its documentation. */
const ROLES: Readonly<Record<string, DnsRole>> = {
  standalone: "standalone",
  sync: "sync",
  synchronize: "sync",
  "write-only": "write-only",
};

const NODE_FILE = /^cluster\/([^/]+)\/config\/([^/]+)$/;
const ROLE_SUFFIX = "-dnsrole";

/**
 * Reads the files that `readConfigFiles` gives. The format of entries is documented (`#version 2.0`, then lines KEY=VALUE); role, state and addresses are what
 * administrators know from disk. Anything unknown in them is passed over.
 */
export function readWhmConfig(files: ReadonlyMap<string, string>): WhmConfig {
  const nodes: WhmNode[] = [];
  for (const [name, text] of files) {
    const [, user = "", node = ""] = NODE_FILE.exec(name) ?? [];
    // Editors and WHM itself leave copies beside the files they change; entries are named by host or address.
    if (user === "" || node.endsWith(ROLE_SUFFIX) || /^\.|~$|\.(lock|bak|cache)$/.test(node)) continue;
    const values = keyValues(text);
    const role = files.get(`cluster/${user}/config/${node}${ROLE_SUFFIX}`)?.trim().toLowerCase() ?? "";
    nodes.push({
      key: `${user}/${node}`,
      user,
      host: values.get("host") || node,
      username: values.get("user") || "root",
      token: values.get("pass") ?? "",
      module: values.get("module") || "cPanel",
      debug: /^(1|on|yes|true)$/i.test(values.get("debug") ?? ""),
      role: ROLES[role] ?? null,
      isDown: files.has(`clusterqueue/status/${node}-down`),
    });
  }
  const options = keyValues(files.get("cpanel.config") ?? "");
  return {
    isEnabled: files.has("useclusteringdns"),
    nodes: nodes.sort((a, b) => (a.key < b.key ? -1 : 1)),
    failureThreshold: wholeNumber(options.get("cluster_autodisable_threshold")),
    notifyOnDisable: flag(options.get("cluster_failure_notifications")),
    trustedIps: addresses(files.get("ips.remotedns")),
  };
}

function keyValues(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, key = "", value = ""] = /^\s*([\w.-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== "") values.set(key.toLowerCase(), value);
  }
  return values;
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Math.min(Number(text), 100_000) : null;
}

function flag(text: string | undefined): boolean | null {
  return text === "1" || text === "0" ? text === "1" : null;
}

function addresses(text = ""): string[] {
  const words = text.split(/\s+/).map((word) => plainAddress(word));
  return [...new Set(words.filter((address) => address !== undefined))];
}
