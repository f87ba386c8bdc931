import { describe, expect, it } from "vitest";
import { readWhmConfig } from "./whm-config";

const read = (files: Record<string, string>) => readWhmConfig(new Map(Object.entries(files)));

describe("readWhmConfig", () => {
  it("reads entries with their roles and states, the options and the addresses", () => {
    expect(
      read({
        useclusteringdns: "",
        "cluster/root/config/192.0.2.1":
          "#version 2.0\nuser=root\nhost=ns1.example.com\npass=ABC=1\nmodule=cPanel\ndebug=on\n",
        "cluster/root/config/192.0.2.1-dnsrole": "sync\n",
        "cluster/root/config/192.0.2.2": "#version 2.0\r\nuser=admin\r\npass=\r\n",
        "cluster/alice/config/192.0.2.3": "user=alice\nmodule=SoftLayer\n",
        "cluster/alice/config/192.0.2.3-dnsrole": "Write-Only",
        "cluster/root/config/192.0.2.1.lock": "x",
        "clusterqueue/status/192.0.2.2-down": "",
        "clusterqueue/status/192.0.2.1": "1",
        "cpanel.config": "alwaysredirecttossl=1\ncluster_autodisable_threshold=5\ncluster_failure_notifications=0\n",
        "ips.remotedns": "# by hand\n198.51.100.1\n2001:DB8::1\n198.51.100.1\nnonsense\n",
      }),
    ).toEqual({
      isEnabled: true,
      failureThreshold: 5,
      notifyOnDisable: false,
      nodes: [
        {
          key: "alice/192.0.2.3",
          user: "alice",
          host: "192.0.2.3",
          username: "alice",
          token: "",
          module: "SoftLayer",
          debug: false,
          role: "write-only",
          isDown: false,
        },
        {
          key: "root/192.0.2.1",
          user: "root",
          host: "ns1.example.com",
          username: "root",
          token: "ABC=1",
          module: "cPanel",
          debug: true,
          role: "sync",
          isDown: false,
        },
        {
          key: "root/192.0.2.2",
          user: "root",
          host: "192.0.2.2",
          username: "admin",
          token: "",
          module: "cPanel",
          debug: false,
          role: null,
          isDown: true,
        },
      ],
      trustedIps: ["198.51.100.1", "2001:db8::1"],
    });
  });

  it.each([
    ["synchronize", "sync"],
    ["STANDALONE\n", "standalone"],
    ["master", null],
    ["", null],
  ])("takes the role %j for %s", (text, role) => {
    const [node] = read({ "cluster/root/config/a": "", "cluster/root/config/a-dnsrole": text }).nodes;
    expect(node?.role).toBe(role);
  });

  it("makes nothing up where files are missing", () => {
    expect(read({ "ips.remotedns": "" })).toEqual({
      isEnabled: false,
      nodes: [],
      failureThreshold: null,
      notifyOnDisable: null,
      trustedIps: [],
    });
  });
});
