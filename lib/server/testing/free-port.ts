import { randomInt } from "node:crypto";
import dgram from "node:dgram";
import { once } from "node:events";
import net from "node:net";

/**
 * Below those that Linux gives to outgoing connections: between the choice of a port and the start of the server that takes it, tests beside this one make
 * many of these.
 */
const FIRST = 12_000;
/** Of one process: two test files that run beside each other do not take each other's ports in that time. */
const RANGE = 6_000;
const RANGES = 3;
const TRIES = 50;

/** A port that waits for its server to start, or to start again, looks free. */
const given = new Set<string>();

/**
 * A port that is free on `address` now, for TCP and UDP.
 * @param preferred taken when it is free; otherwise, and without it, chance decides among those that this process was not given before.
 */
export async function freePort(address = "127.0.0.1", preferred?: number): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const isPreferred = tries === 0 && preferred !== undefined;
    const port = isPreferred ? preferred : somePort();
    const name = `${address}@${port}`;
    if (!isPreferred && given.has(name)) continue;
    if (!(await isTcpFree(address, port)) || !(await isUdpFree(address, port))) continue;
    given.add(name);
    return port;
  }
  throw new Error(`No port is free on ${address} for both TCP and UDP.`);
}

function somePort(): number {
  // Vitest numbers its workers from 1; other programs have the first range.
  const first = FIRST + (Number(process.env.VITEST_POOL_ID ?? 0) % RANGES) * RANGE;
  return randomInt(first, first + RANGE);
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
