import { connect, type TLSSocket } from "node:tls";
import { gunzipSync } from "node:zlib";

/**
 * Sends what a WHM server sends to its members, octet for octet: the request heads and bodies of the BSD-licensed client that WHM servers use between
 * themselves (cPanel::PublicAPI over HTTP::Tiny), as seen on loopback. HTTP/1.1 on a kept connection, no Accept, no cookies, every form declared as
 * application/octet-stream, and a bare question mark behind a GET without arguments.
 */
export interface WhmClient {
  get(path: string): Promise<WireAnswer>;
  post(path: string, body: string | Buffer, headers?: readonly string[]): Promise<WireAnswer>;
  close(): void;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  /** Unchunked and decompressed, one character an octet. */
  readonly body: string;
}

export async function connectWhmClient(options: { port: number; username: string; token: string }): Promise<WhmClient> {
  const socket = connect({
    host: "127.0.0.1",
    port: options.port,
    rejectUnauthorized: false /* as WHM's client: members are self-signed */,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("secureConnect", resolve);
    socket.once("error", reject);
  });
  socket.setNoDelay(true);
  const common = [
    `Host: localhost:${options.port}`,
    "Connection: Keep-Alive",
    "User-Agent: cPanel::PublicAPI (perl) HTTP-Tiny/0.088",
    `Authorization: whm ${options.username}:${options.token}`,
  ];
  const exchange = async (head: readonly string[], body: string | Buffer): Promise<WireAnswer> => {
    const answer = readAnswer(socket);
    socket.write(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), Buffer.from(body)]));
    return answer;
  };
  return {
    get: (path) => exchange([`GET ${path} HTTP/1.1`, ...common], ""),
    post: (path, body, headers = []) =>
      exchange(
        [
          `POST ${path} HTTP/1.1`,
          ...common,
          ...(headers.some((header) => /^content-type:/i.test(header))
            ? []
            : ["Content-Type: application/octet-stream"]),
          `Content-Length: ${Buffer.byteLength(body)}`,
          ...headers,
        ],
        body,
      ),
    close: () => socket.destroy(),
  };
}

/** Reads one answer off the socket: a length, chunks, or until the end. */
function readAnswer(socket: TLSSocket): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const settle = (isOver: boolean) => {
      const answer = parseAnswer(received, isOver);
      if (!answer && !isOver) return;
      socket.off("data", onData);
      socket.off("close", onClose);
      if (answer) resolve(answer);
      else reject(new Error("The connection ended before an answer."));
    };
    const onData = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      settle(false);
    };
    const onClose = () => settle(true);
    socket.on("data", onData);
    socket.once("close", onClose);
  });
}

function parseAnswer(bytes: Buffer, isOver: boolean): WireAnswer | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [statusLine = "", ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const headers = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const rest = bytes.subarray(end + 4);
  const body = headers.get("transfer-encoding") === "chunked" ? unchunk(rest) : plainBody(rest, headers, isOver);
  if (!body) return undefined;
  const unpacked = headers.get("content-encoding") === "gzip" ? gunzipSync(body) : body;
  return { status: Number(statusLine.split(" ")[1]), headers, body: unpacked.toString("latin1") };
}

function plainBody(rest: Buffer, headers: ReadonlyMap<string, string>, isOver: boolean): Buffer | undefined {
  const length = headers.get("content-length");
  if (length === undefined) return isOver ? rest : undefined;
  return rest.length >= Number(length) ? rest.subarray(0, Number(length)) : undefined;
}

function unchunk(bytes: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString("latin1"), 16);
    if (bytes.length < lineEnd + 2 + size + 2) return undefined;
    if (size === 0) return Buffer.concat(parts);
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
