import { randomInt } from "node:crypto";
import dgram from "node:dgram";
import { once } from "node:events";
import net from "node:net";

/**
 * Below those that Linux gives to outgoing connections: between the choice of a port and the start of the server that takes it, tests beside this one make
 * many of these.
 */
const FIRST = 12_000;
const END = 32_000;
const TRIES = 50;

/**
 * A port that is free on `address` now, for TCP and UDP.
 * @param preferred taken when it is free; otherwise, and without it, chance decides.
 */
export async function freePort(address = "127.0.0.1", preferred?: number): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = tries === 0 && preferred ? preferred : randomInt(FIRST, END);
    if ((await isTcpFree(address, port)) && (await isUdpFree(address, port))) return port;
  }
  throw new Error(`No port is free on ${address} for both TCP and UDP.`);
}

async function isTcpFree(address: string, port: number): Promise<boolean> {
  const server = net.createServer();
  const opened = await isOpened(server, () => server.listen(port, address));
  if (!opened) return false;
  server.close();
  await once(server, "close");
  return true;
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
