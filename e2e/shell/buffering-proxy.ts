import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { selfSigned } from "../emulators/self-signed";

/** A reverse proxy in front of a server, with a switch. */
export interface BufferingProxy {
  readonly url: string;
  /** While set, the body of an answer is held back until it has ended, as nginx does with proxy_buffering, or a scanner that reads along. */
  isBuffering: boolean;
  close(): void;
}

/** Hands every request on, with the Host that the browser asked for. An answer's head goes through at once; of an answer that never ends no word arrives. */
export async function startBufferingProxy(target: string): Promise<BufferingProxy> {
  const { key, cert } = await selfSigned(["localhost", "127.0.0.1"]);
  // The certificate was made a moment ago by a server of this test.
  const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });
  const server = https.createServer({ key, cert }, (incoming, outgoing) => {
    const { method = "GET", url = "/", headers } = incoming;
    const onward = https.request(`${target}${url}`, { method, headers, agent }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      outgoing.flushHeaders();
      if (proxy.isBuffering) holdBack(answer, outgoing);
      else answer.pipe(outgoing);
      answer.on("error", () => outgoing.destroy());
    });
    onward.on("error", () => outgoing.destroy());
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy: BufferingProxy = {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    isBuffering: true,
    close() {
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
  return proxy;
}

function holdBack(answer: IncomingMessage, outgoing: ServerResponse): void {
  const chunks: Buffer[] = [];
  answer.on("data", (chunk: Buffer) => chunks.push(chunk));
  answer.on("end", () => outgoing.end(Buffer.concat(chunks)));
}
