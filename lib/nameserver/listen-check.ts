import { createSocket } from "node:dgram";
import { createServer, isIPv6 } from "node:net";
import { type DnsAddress, formatAddress } from "@/lib/wire/dns-address";

/** Why Knot could not listen there. `isTaken`: another program does. */
export interface ListenProblem {
  readonly isTaken: boolean;
  readonly reason: string;
}

/**
 * Looks whether every address is free, over UDP and TCP, by listening there for a moment. Knot itself would share a port with another Knot (SO_REUSEPORT)
 * or go on without the address it could not have.
 * @returns the first problem, or `null`
 */
export async function checkListen(listen: readonly DnsAddress[]): Promise<ListenProblem | null> {
  for (const address of listen) {
    for (const bind of [bindUdp, bindTcp]) {
      const error = await bind(address);
      if (error) return { isTaken: error.code === "EADDRINUSE", reason: explain(address, error) };
    }
  }
  return null;
}

function explain(address: DnsAddress, { code, message }: NodeJS.ErrnoException): string {
  const where = formatAddress(address);
  switch (code) {
    case "EADDRINUSE":
      return `Another program uses ${where}. Stop it, or set another address or port for the nameserver.`;
    case "EACCES":
      return `Port ${address.port} needs privileges: set a port from 1024 up, or give the panel CAP_NET_BIND_SERVICE.`;
    case "EADDRNOTAVAIL":
      return `${address.address} is not an address of this machine. Set one that is.`;
    default:
      return `The nameserver cannot listen on ${where}: ${message}`;
  }
}

function bindUdp({ address, port }: DnsAddress): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(address) ? { type: "udp6", ipv6Only: true } : { type: "udp4" });
    socket.once("error", (error) => {
      socket.close();
      resolve(error);
    });
    socket.bind({ address, port, exclusive: true }, () => socket.close(() => resolve(null)));
  });
}

function bindTcp({ address, port }: DnsAddress): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen({ host: address, port, exclusive: true, ipv6Only: true }, () => server.close(() => resolve(null)));
  });
}
