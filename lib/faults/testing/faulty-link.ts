import { once } from "node:events";
import net from "node:net";

/** What goes wrong on the way. "to": from the caller to the server behind; "from": what it answers. */
export type LinkFault =
  /** Nobody listens. */
  | { readonly kind: "refuse" }
  /** Connections are taken, and nothing gets through until it is over: every packet was lost. */
  | { readonly kind: "silence" }
  | { readonly kind: "delay"; readonly ms: number }
  /** The connection is reset once so many octets of a direction got through. */
  | { readonly kind: "reset"; readonly direction: "to" | "from"; readonly octets: number }
  /** One octet at a time. */
  | { readonly kind: "drip"; readonly direction: "to" | "from"; readonly everyMs: number };

/** A network between two servers, as one TCP port: it knows nothing of what it carries, TLS among others. */
export interface FaultyLink {
  readonly port: number;
  /** Connections so far. */
  readonly connections: () => number;
  /** Begins a fault; null: all is well again. What is open goes on under it, except that "refuse" and "reset" cut it. */
  set(fault: LinkFault | null): Promise<void>;
  close(): Promise<void>;
}

/** @param upstream where the server behind listens; asked at every connection, as it may move */
export async function startFaultyLink(address: string, upstream: () => net.NetConnectOpts): Promise<FaultyLink> {
  const sockets = new Set<net.Socket>();
  let fault: LinkFault | null = null;
  let connections = 0;
  let changed = () => {};
  let change = Promise.resolve();
  const awaitChange = () => {
    change = new Promise((resolve) => {
      changed = resolve;
    });
  };
  awaitChange();

  const isAbout = (direction: "to" | "from") =>
    fault !== null && !("direction" in fault && fault.direction !== direction);

  async function* late(chunk: Buffer, direction: "to" | "from"): AsyncGenerator<Buffer> {
    if (fault?.kind === "silence") while (fault?.kind === "silence") await change;
    else if (fault?.kind === "delay") await pause(fault.ms);
    else if (fault?.kind === "drip" && isAbout(direction)) {
      for (let at = 0; at < chunk.length; at++) {
        if (fault?.kind !== "drip") return yield chunk.subarray(at);
        yield chunk.subarray(at, at + 1);
        await pause(fault.everyMs);
      }
      return;
    }
    yield chunk;
  }

  async function carry(from: net.Socket, to: net.Socket, direction: "to" | "from"): Promise<void> {
    let passed = 0;
    try {
      for await (const chunk of from) {
        for await (const part of late(chunk as Buffer, direction)) {
          const left = fault?.kind === "reset" && isAbout(direction) ? fault.octets - passed : Number.POSITIVE_INFINITY;
          passed += part.length;
          if (!to.write(part.subarray(0, left))) await Promise.race([once(to, "drain"), once(to, "close")]);
          if (part.length < left) continue;
          // What was written is to arrive before the reset does.
          await pause(20);
          for (const socket of [from, to]) reset(socket);
          return;
        }
      }
      to.end();
    } catch {
      // One end is gone, so the other one goes.
      for (const socket of [from, to]) socket.destroy();
    }
  }

  const server = net.createServer({ allowHalfOpen: true }, (caller) => {
    connections++;
    const behind = net.connect({ ...upstream(), allowHalfOpen: true } as net.NetConnectOpts);
    for (const socket of [caller, behind]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        (socket === caller ? behind : caller).destroy();
      });
    }
    void carry(caller, behind, "to");
    void carry(behind, caller, "from");
  });
  const listen = async (port: number) => {
    server.listen(port, address);
    await once(server, "listening");
  };
  await listen(0);
  const { port } = server.address() as net.AddressInfo;

  const cut = () => {
    for (const socket of sockets) reset(socket);
  };
  const close = async () => {
    if (!server.listening) return;
    server.close();
    cut();
    await once(server, "close");
  };

  return {
    port,
    connections: () => connections,
    async set(next) {
      fault = next;
      changed();
      awaitChange();
      if (next?.kind === "reset") cut();
      if (next?.kind === "refuse") await close();
      else if (!server.listening) await listen(port);
    },
    close,
  };
}

/** A Unix socket, which may be behind, knows no reset. */
function reset(socket: net.Socket): void {
  if (socket.remoteAddress === undefined) socket.destroy();
  else socket.resetAndDestroy();
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
