import type { RequestOptions } from "node:https";
import { Agent } from "node:https";
import type { Duplex } from "node:stream";
import type { CertificateInfo } from "./certificate";
import { connectionError } from "./connection-problem";
import { openTls, type TlsEndpoint } from "./tls-connection";

type OnCreate = (error: Error | null, stream: Duplex) => void;

/**
 * Kept-alive TLS connections to one address. A socket is handed to a request only after its certificate was checked against the pin or the
 * system's roots, so no byte of a request, and no token, reaches a server that is not the one.
 */
export class VerifiedAgent extends Agent {
  constructor(
    private readonly endpoint: TlsEndpoint,
    /** SHA-256 of the expected key, base64; null: the system's roots decide. */
    private readonly pin: string | null,
    maxSockets: number,
  ) {
    // Sessions are not resumed: a resumed one shows no certificate. Connections live long, so the handshake is rare.
    super({ keepAlive: true, maxSockets, maxFreeSockets: maxSockets, scheduling: "lifo", maxCachedSessions: 0 });
  }

  override createConnection(_options: RequestOptions, onCreate?: OnCreate): undefined {
    const created = onCreate as (error: Error | null, stream?: Duplex) => void;
    openTls(this.endpoint, "connection").then(
      ({ socket, certificate }) => {
        const problem = this.refuse(certificate);
        if (!problem) return created(null, socket);
        socket.on("error", () => undefined).destroy();
        created(problem);
      },
      (error: Error) => created(error),
    );
  }

  private refuse(certificate: CertificateInfo): Error | undefined {
    const { serverName } = this.endpoint;
    if (this.pin !== null) {
      if (certificate.pin === this.pin) return undefined;
      const message = `${serverName} shows another certificate than the one that was accepted. Nothing was sent to it.`;
      return connectionError("tls", serverName, "connection", message, { code: "certificate-changed", certificate });
    }
    if (certificate.isTrusted) return undefined;
    const message = `The certificate of ${serverName} is not trusted: ${certificate.distrust}. Nothing was sent to it.`;
    return connectionError("tls", serverName, "connection", message, { code: "certificate-untrusted", certificate });
  }
}
