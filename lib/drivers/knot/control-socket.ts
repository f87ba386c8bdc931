/**
 * A client of Knot's control socket. Knot 3.2 serves one control connection at a time and lets others wait in its backlog, where
 * they fail after five seconds; so this client opens, does its work, closes, and queues sessions to the same path within the process.
 * A native client, because a `knotc` process per command is 12 to 18 times slower.
 */
import { connect, type Socket } from "node:net";
import {
  ControlDecoder,
  type ControlEvent,
  type ControlUnit,
  encodeEnd,
  encodeRequest,
} from "@/lib/drivers/knot/control-codec";
import { DriverError, errorMessage } from "@/lib/errors";

/** What Knot replied to one request. */
export interface ControlReply {
  /** The units without those that carry an error. */
  readonly units: readonly ControlUnit[];
  /** One for each zone or item that Knot refused, in its words. Empty: all was done. */
  readonly errors: readonly { readonly zone?: string; readonly message: string }[];
}

/** An open conversation. Requests may be sent without waiting for the replies before them; Knot answers in order. */
export interface ControlSession {
  /** Sends one request and resolves with its reply, refusals included. @throws DriverError unreachable | timeout | aborted | bad-response */
  request(...units: readonly ControlUnit[]): Promise<ControlReply>;
  /** Like `request`, for what must not fail. @throws DriverError also: rejected, with Knot's words */
  command(...units: readonly ControlUnit[]): Promise<readonly ControlUnit[]>;
}

export interface ControlSocket {
  /**
   * Waits until the socket is free, connects, runs `work` and closes, whatever happens. Sessions do not nest.
   * When the signal aborts, the connection is cut: Knot finishes the command it is at and drops the rest.
   * @throws DriverError unreachable (no socket, refused, cut off), timeout, aborted, and whatever `work` throws
   */
  session<T>(signal: AbortSignal | undefined, work: (session: ControlSession) => Promise<T>): Promise<T>;
}

export interface ControlSocketOptions {
  readonly path: string;
  /** Milliseconds that Knot may stay silent while a reply is owed. Blocking commands count as silence. */
  readonly timeoutMs: number;
}

const LARGE_CHUNK_OCTETS = 32_768;

/** The last session that was queued for each path, of every client in this process. */
const queues = new Map<string, Promise<void>>();

export function createControlSocket({ path, timeoutMs }: ControlSocketOptions): ControlSocket {
  return {
    async session(signal, work) {
      const release = await enqueue(path, signal);
      try {
        const connection = new Connection(await open(path, signal), path, timeoutMs, signal);
        try {
          return await work(connection);
        } finally {
          connection.close();
        }
      } finally {
        release();
      }
    },
  };
}

/**
 * Resolves when every session before it has ended; call what it resolves with to let the next one in.
 * @throws DriverError aborted: the place in the queue is given up
 */
function enqueue(path: string, signal: AbortSignal | undefined): Promise<() => void> {
  const before = queues.get(path) ?? Promise.resolve();
  let release = () => {};
  const mine = new Promise<void>((resolve) => {
    release = () => {
      if (queues.get(path) === mine) queues.delete(path);
      resolve();
    };
  });
  queues.set(path, mine);
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      // Those behind still have to wait for the one before.
      before.then(release);
      reject(aborted(path));
    };
    if (signal?.aborted) return giveUp();
    signal?.addEventListener("abort", giveUp, { once: true });
    before.then(() => {
      signal?.removeEventListener("abort", giveUp);
      resolve(release);
    });
  });
}

function open(path: string, signal: AbortSignal | undefined): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(aborted(path));
    const socket = connect({ path });
    socket.once("error", (error) => {
      const message = `the control socket of Knot does not answer (${errorMessage(error)}): is the nameserver running?`;
      reject(new DriverError("unreachable", path, "connect", message, { cause: error }));
    });
    socket.once("connect", () => {
      socket.removeAllListeners("error");
      resolve(socket);
    });
  });
}

function aborted(path: string): DriverError {
  return new DriverError("aborted", path, "control session", "the work was cancelled");
}

interface Waiting {
  readonly operation: string;
  readonly units: ControlUnit[];
  readonly errors: { zone?: string; message: string }[];
  readonly resolve: (reply: ControlReply) => void;
  readonly reject: (error: DriverError) => void;
}

class Connection implements ControlSession {
  readonly #decoder = new ControlDecoder();
  readonly #waiting: Waiting[] = [];
  #failure: DriverError | undefined;

  constructor(
    readonly socket: Socket,
    readonly path: string,
    readonly timeoutMs: number,
    readonly signal: AbortSignal | undefined,
  ) {
    socket.on("data", (chunk) => {
      this.#receive(chunk);
      // Without a pause Node reads on while there is more, and a list of 100,000 zones would hold up everything else.
      if (chunk.length >= LARGE_CHUNK_OCTETS) {
        socket.pause();
        setImmediate(() => socket.resume());
      }
    });
    socket.on("error", (error) => this.#fail("unreachable", `the connection broke: ${errorMessage(error)}`, error));
    socket.on("close", () => this.#fail("unreachable", "Knot closed the connection"));
    socket.on("timeout", () => this.#fail("timeout", `Knot was silent for ${timeoutMs} ms`));
    signal?.addEventListener("abort", this.#abort, { once: true });
  }

  request(...units: readonly ControlUnit[]): Promise<ControlReply> {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      if (this.#waiting.length === 0) this.socket.setTimeout(this.timeoutMs);
      this.#waiting.push({ operation: units[0]?.command ?? "", units: [], errors: [], resolve, reject });
      // Requests of one turn of the event loop go out together.
      if (this.socket.writableCorked === 0) {
        this.socket.cork();
        process.nextTick(() => this.socket.uncork());
      }
      this.socket.write(encodeRequest(units));
    });
  }

  async command(...units: readonly ControlUnit[]): Promise<readonly ControlUnit[]> {
    const reply = await this.request(...units);
    const [refusal] = reply.errors;
    if (!refusal) return reply.units;
    const operation = units[0]?.command ?? "";
    throw new DriverError("rejected", this.path, operation, `Knot refused ${operation}: ${refusal.message}`);
  }

  close(): void {
    if (this.#failure) return;
    this.#failure = new DriverError("unreachable", this.path, "control session", "the session has ended");
    this.signal?.removeEventListener("abort", this.#abort);
    this.socket.setTimeout(0);
    this.socket.end(encodeEnd(), () => this.socket.destroy());
  }

  #receive(chunk: Buffer): void {
    try {
      for (const event of this.#decoder.push(chunk)) this.#take(event);
    } catch (error) {
      this.#fail("bad-response", `what Knot replied cannot be read: ${errorMessage(error)}`, error);
    }
  }

  #take(event: ControlEvent): void {
    const first = this.#waiting[0];
    if (event.kind === "end") this.#fail("unreachable", "Knot ended the conversation");
    else if (!first) throw new RangeError("a reply that nothing asked for");
    else if (event.kind === "block") {
      this.#waiting.shift();
      if (this.#waiting.length === 0) this.socket.setTimeout(0);
      first.resolve({ units: first.units, errors: first.errors });
    } else if (event.unit.error === undefined) first.units.push(event.unit);
    else first.errors.push({ message: event.unit.error, ...(event.unit.zone ? { zone: event.unit.zone } : {}) });
  }

  readonly #abort = () => this.#fail("aborted", "the work was cancelled");

  /** Ends the conversation once: every request under way and every later one fails with the same error. */
  #fail(kind: DriverError["kind"], message: string, cause?: unknown): void {
    if (this.#failure) return;
    this.#failure = new DriverError(kind, this.path, this.#waiting[0]?.operation ?? "control session", message, {
      cause,
    });
    this.signal?.removeEventListener("abort", this.#abort);
    this.socket.destroy();
    for (const waiting of this.#waiting.splice(0)) waiting.reject(this.#failure);
  }
}
