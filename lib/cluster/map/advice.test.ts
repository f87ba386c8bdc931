import { describe, expect, it } from "vitest";
import type { PathMember, ServerPaths } from "@/lib/drivers/server-paths";
import { advise } from "./advice";
import { buildMap } from "./cluster-map";

const ROLES: Readonly<Record<string, PathMember["role"]>> = {
  ">": "sync",
  "~": "standalone",
  "-": "sync",
  "!": "sync",
};
const TRUSTS: Readonly<Record<string, PathMember["trust"]>> = { ">": "not-required", "-": "one-way", "!": "broken" };

/**
 * A cluster in short: "web1>ns1" web1 sends to ns1 · "ns1~web1" Standalone · "web1?ns1" the role is not told · "web1-ns1" it sends, and finds that the trust is
 * one-way · "web1!ns1" … is broken. Names say the kind; the first server is this one.
 * @param acceptedMs what each link's receipts say
 */
function cluster(links: string, acceptedMs: number | null = null): ServerPaths[] {
  const servers = new Map<string, PathMember[]>();
  for (const link of links.split(" ")) {
    const [, from = "", sign = "", to = ""] = /^(\w+)([>~?!-])(\w+)$/.exec(link) ?? [];
    const role = ROLES[sign] ?? null;
    servers.set(from, [
      ...(servers.get(from) ?? []),
      { ...{ hostname: to, serverId: null, role, acceptedMs, port: 2087 }, trust: TRUSTS[sign] ?? null },
    ]);
    if (!servers.has(to)) servers.set(to, []);
  }
  return [...servers].map(([hostname, members]) => ({
    ...{ hostname, serverId: null, ageMs: 0, handedOn: 0 },
    kind: hostname.startsWith("web") ? "web-server" : hostname.startsWith("ns") ? "dns-only" : "unknown",
    members,
  }));
}

const told = (links: string) =>
  advise(buildMap(cluster(links))).map(({ kind, link }) => `${kind} ${link.from}>${link.to}`.replaceAll("host:", ""));

describe("advise", () => {
  it.each([
    ["direct links", "web1>ns1 web1>ns2", []],
    ["one intermediary", "web1>ns1 ns1>ns2", []],
    ["reverse trust, Standalone", "web1>ns1 ns1~web1", []],
    ["two web servers with the same nameservers", "web1>ns1 web1>ns2 web2>ns1 web2>ns2", []],
    ["servers of a kind that is not told", "a>b b>a", []],
    ["roles that are not told", "web1?ns1 ns1?web1 ns1?ns2 ns2?ns1", []],
    ["two intermediaries", "web1>ns1 ns1>ns2 ns2>ns3", ["many-intermediaries web1>ns3"]],
    [
      "the guide's third structure",
      "web1>web2 web2>ns1 ns1>ns2",
      ["many-intermediaries web1>ns2", "web-servers-linked web1>web2"],
    ],
    ["only the longest way", "web1>ns1 ns1>ns2 ns2>ns3 ns3>ns4 ns2>ns5", ["many-intermediaries web1>ns4"]],
    ["a nameserver that synchronizes back", "web1>ns1 ns1>web1", ["synchronizes-back ns1>web1"]],
    ["nameservers that send to each other", "web1>ns1 ns1>ns2 ns2>ns1", ["nameservers-linked ns1>ns2"]],
    ["a nameserver that is reached twice", "web1>ns1 web1>ns2 ns1>ns2", ["nameservers-linked ns1>ns2"]],
    [
      "web servers that send to each other",
      "web1>web2 web2>web1",
      ["web-servers-linked web1>web2", "web-servers-linked web2>web1"],
    ],
    ["a loop, told once", "a>b b>c c>a", ["loop a>b"]],
    ["one-way trust", "web1-ns1", ["one-way-trust web1>ns1"]],
    ["a broken trust", "web1!ns1", ["broken-trust web1>ns1"]],
    ["one-way trust of others", "web1>ns1 ns1-ns2", ["one-way-trust ns1>ns2"]],
    [
      "a trust that both ends tell of, once and by this server",
      "web1!ns1 ns1!web2 web2-ns1 ns1!web1",
      ["synchronizes-back ns1>web2", "synchronizes-back ns1>web1", "broken-trust web1>ns1", "broken-trust ns1>web2"],
    ],
  ])("%s", (_, links, expected) => {
    expect(told(links)).toEqual(expected);
  });

  it("tells what intermediaries add when all of their steps have receipts", () => {
    const [measured] = advise(buildMap(cluster("web1>ns1 ns1>ns2 ns2>ns3", 21)));
    expect(measured?.text).toContain("web1 → ns1 → ns2 → ns3");
    expect(measured?.text).toContain("add 42 ms");
    expect(advise(buildMap(cluster("web1>ns1 ns1>ns2 ns2>ns3")))[0]?.text).not.toContain("ms");
  });

  it("gives a fully linked cluster of 60 servers within a second", () => {
    const names = Array.from({ length: 60 }, (_, index) => `x${index}`);
    const links = names.flatMap((from) => names.filter((to) => to !== from).map((to) => `${from}>${to}`));
    const started = performance.now();
    advise(buildMap(cluster(links.join(" "))));
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
