import { describe, expect, it } from "vitest";
import type { ServerPaths } from "@/lib/drivers/server-paths";
import { buildMap } from "./cluster-map";

const member = (hostname: string, role: "sync" | "standalone" | null = "sync", serverId: string | null = null) => ({
  ...{ hostname, role, serverId },
  ...{ acceptedMs: null, trust: null, port: null },
});

function said(hostname: string, members: ServerPaths["members"], rest: Partial<ServerPaths> = {}): ServerPaths {
  return { hostname, serverId: null, kind: "unknown", ageMs: 0, handedOn: 0, members, ...rest };
}

const shown = (paths: ServerPaths[], names?: Map<string, string>) => {
  const { servers, links } = buildMap(paths, names);
  const nameOf = new Map(servers.map(({ key, name }) => [key, name]));
  return {
    servers: servers.map(({ name, hops }) => `${name}:${hops ?? "-"}`),
    links: links.map(({ from, to, role }) => `${nameOf.get(from)} ${role} ${nameOf.get(to)}`),
  };
};

describe("buildMap", () => {
  it("shows a server without members by itself", () => {
    expect(shown([said("web1", [])])).toEqual({ servers: ["web1:0"], links: [] });
    expect(buildMap([])).toEqual({ self: "", servers: [], links: [] });
  });

  it("counts hops along links that send, and puts what is not reached last", () => {
    const { servers } = shown([
      said("ns1", [member("ns2"), member("web1", "standalone")]),
      said("web1", [member("ns1")]),
      said("ns2", [member("ns3", null)]),
    ]);
    expect(servers).toEqual(["ns1:0", "ns2:1", "ns3:2", "web1:-"]);
  });

  it("knows from where zones get here", () => {
    const { servers } = buildMap([said("ns2", []), said("web1", [member("ns1")]), said("ns1", [member("ns2")])]);
    expect(servers.map(({ name, hopsBack }) => `${name}:${hopsBack}`)).toEqual(["ns2:0", "ns1:1", "web1:2"]);
  });

  it("takes names, addresses and identities for the server that they belong to", () => {
    const paths = [
      said("web1", [member("127.0.0.2"), member("NS2.example")], { serverId: "WEB" }),
      said("ns1.example", [member("ns2.example", "sync", "NS2")], { serverId: "NS1" }),
      said("ns2.example", [], { serverId: "NS2" }),
    ];
    expect(shown(paths, new Map([["127.0.0.2", "NS1"]]))).toEqual({
      servers: ["web1:0", "ns1.example:1", "ns2.example:1"],
      links: ["web1 sync ns1.example", "web1 sync ns2.example", "ns1.example sync ns2.example"],
    });
  });

  it("believes the younger of two statements", () => {
    const { links } = shown([
      said("web1", [member("ns1")]),
      said("ns1", [member("old")], { ageMs: 60_000 }),
      said("ns1", [member("new")], { ageMs: 10 }),
      said("ns1", [member("older")], { ageMs: 90_000 }),
    ]);
    expect(links).toEqual(["web1 sync ns1", "ns1 sync new"]);
  });

  it("shows a server once that was entered twice, by the entry that sends, and none that names itself", () => {
    const { links } = shown([
      said("web1", [member("ns1", "standalone"), member("ns1"), member("ns1", "standalone"), member("web1")]),
    ]);
    expect(links).toEqual(["web1 sync ns1"]);
  });

  it("shows links of both ends", () => {
    const { links } = shown([said("web1", [member("ns1")]), said("ns1", [member("web1", "standalone")])]);
    expect(links).toEqual(["web1 sync ns1", "ns1 standalone web1"]);
  });
});
