import dgram from "node:dgram";
import { once } from "node:events";
import net from "node:net";

/**
 * A port that is free on `address` now, for TCP and UDP.
 * @param preferred taken when it is free; otherwise, and without it, the system chooses.
 */
export async function freePort(address = "127.0.0.1", preferred = 0): Promise<number> {
  for (const wanted of preferred === 0 ? [0, 0, 0, 0, 0] : [preferred, 0, 0, 0, 0]) {
    const port = await tcpPort(address, wanted);
    if (port !== undefined && (await isUdpFree(address, port))) return port;
  }
  throw new Error(`No port is free on ${address} for both TCP and UDP.`);
}

async function tcpPort(address: string, wanted: number): Promise<number | undefined> {
  const server = net.createServer();
  const opened = await isOpened(server, () => server.listen(wanted, address));
  if (!opened) return undefined;
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function isUdpFree(address: string, port: number): Promise<boolean> {
  const socket = dgram.createSocket(net.isIPv6(address) ? "udp6" : "udp4");
  const opened = await isOpened(socket, () => socket.bind(port, address));
  socket.close();
  return opened;
}

function isOpened(socket: net.Server | dgram.Socket, open: () => void): Promise<boolean> {
  return new Promise((resolve, reject) => {
    socket.once("listening", () => resolve(true));
    socket.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" || error.code === "EACCES" ? resolve(false) : reject(error),
    );
    open();
  });
}
