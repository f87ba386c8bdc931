import { connect, type TLSSocket } from "node:tls";
import type { Fault } from "./fault";
import type { LinkFault } from "./faulty-link";

/** The way between web1 and ns1: nothing gets through, or late, or in part. Both servers are well. */
function onLink(name: string, fault: LinkFault, more: Partial<Fault> = {}): Fault {
  return {
    name,
    behind: ["ns1"],
    async begin({ link }) {
      // The next connection is made under the fault.
      await link.set({ kind: "refuse" });
      await link.set(fault);
      return () => link.set(null);
    },
    ...more,
  };
}

/** The same with the connections that are there. */
function onOpenLink(name: string, fault: LinkFault): Fault {
  return {
    name,
    behind: ["ns1"],
    async begin({ link }) {
      await link.set(fault);
      return () => link.set(null);
    },
  };
}

export const NETWORK_FAULTS: readonly Fault[] = [
  onLink("connections are refused", { kind: "refuse" }, { failure: "unreachable" }),
  onLink("connections are refused until the threshold", { kind: "refuse" }, { failure: "unreachable", threshold: 2 }),
  onLink("connections are taken and nothing gets through", { kind: "silence" }, { failure: "timeout" }),
  onOpenLink("every packet of an open connection is lost for a while", { kind: "silence" }),
  onLink("everything is late", { kind: "delay", ms: 100 }, { behind: [] }),
  onLink(
    "connections are reset while a request is sent",
    // After TLS and a few octets of any request: one that gets through says that the member is well.
    { kind: "reset", direction: "to", octets: 560 },
    { failure: "unreachable" },
  ),
  onLink(
    "connections are reset while TLS is set up",
    { kind: "reset", direction: "from", octets: 100 },
    { failure: "unreachable" },
  ),
  onOpenLink("the member answers one octet at a time", { kind: "drip", direction: "from", everyMs: 50 }),
  onOpenLink("the member is reached one octet at a time", { kind: "drip", direction: "to", everyMs: 50 }),
  {
    name: "two hundred callers send a request one octet at a time",
    behind: [],
    async begin({ cluster }) {
      const callers = Array.from({ length: 200 }, () => drippingCaller(cluster.web1.process));
      return async () => {
        for (const end of callers) end();
      };
    },
  },
];

/** A caller that never comes to the end of its request's head. @returns what ends it */
function drippingCaller({ address: host, port }: { readonly address: string; readonly port: number }): () => void {
  // The certificate was made a moment ago by a server of this test.
  const socket: TLSSocket = connect({ host, port, rejectUnauthorized: false });
  const timer = setInterval(() => socket.writable && socket.write("x"), 50);
  socket.once("secureConnect", () => socket.write("GET / HTTP/1.1\r\nHost: "));
  socket.on("error", () => socket.destroy());
  return () => {
    clearInterval(timer);
    socket.destroy();
  };
}
