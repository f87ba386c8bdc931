import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { DriverError, errorMessage } from "@/lib/errors";
import { type CertificateInfo, certificateInfo } from "./certificate";
import { type ConnectionProblemCode, connectionError } from "./connection-problem";

/** Where to connect, and what the certificate has to show. */
export interface TlsEndpoint {
  /** Numeric; resolved and checked before (resolve-member). Nothing here resolves a name. */
  readonly address: string;
  readonly port: number;
  /** The hostname as the administrator entered it: for SNI, for the certificate's names and for messages. May be a numeric address. */
  readonly serverName: string;
  /** Milliseconds for TCP and TLS together. */
  readonly connectTimeoutMs: number;
}

/**
 * Opens TCP and TLS and looks at the certificate, whatever it is. No byte of a request is sent here.
 * @throws DriverError unreachable | timeout | tls ("tls-failed") | aborted
 */
export function openTls(
  endpoint: TlsEndpoint,
  operation: string,
  signal?: AbortSignal,
): Promise<{ socket: TLSSocket; certificate: CertificateInfo }> {
  const { address, port, serverName, connectTimeoutMs } = endpoint;
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: address,
      port,
      // Node refuses numeric addresses as SNI (RFC 6066 §3) and then checks the certificate against `host`.
      ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
      ALPNProtocols: ["http/1.1"],
      // The chain is still verified; the verdict is read below, so that an untrusted certificate can be shown with its pin instead of
      // only failing. Every caller refuses it there, before anything is sent, unless its key is the pinned one.
      rejectUnauthorized: false,
    });
    socket.setNoDelay(true);
    const fail = (error: unknown) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      socket.destroy();
      reject(networkError(error, endpoint, operation));
    };
    const timer = setTimeout(() => fail(timeoutError(endpoint, operation)), connectTimeoutMs);
    const onAbort = () => fail(new DriverError("aborted", serverName, operation, "The connection was given up."));
    signal?.addEventListener("abort", onAbort);
    if (signal?.aborted) return onAbort();
    socket.once("error", fail);
    socket.once("secureConnect", () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      const certificate = socket.getPeerX509Certificate();
      if (!certificate) return fail(new Error("The server showed no certificate."));
      socket.off("error", fail);
      resolve({ socket, certificate: certificateInfo(certificate as X509Certificate, distrustOf(socket)) });
    });
  });
}

/** With `rejectUnauthorized` off Node still verifies the chain and the name, and leaves its verdict as a code. */
function distrustOf(socket: TLSSocket): string | undefined {
  if (socket.authorized) return undefined;
  const problem: unknown = socket.authorizationError;
  return typeof problem === "string" ? problem : problem instanceof Error ? problem.message : "no reason";
}

function timeoutError({ serverName, port, connectTimeoutMs }: TlsEndpoint, operation: string): DriverError {
  const message = `${serverName} did not accept a connection on port ${port} within ${connectTimeoutMs / 1_000} seconds.`;
  return connectionError("timeout", serverName, operation, message, { code: "timeout" });
}

const NETWORK: Readonly<Record<string, { code: ConnectionProblemCode; words: string }>> = {
  ECONNREFUSED: { code: "connection-refused", words: "refused the connection" },
  EHOSTUNREACH: { code: "no-route", words: "cannot be reached from here" },
  ENETUNREACH: { code: "no-route", words: "cannot be reached from here" },
  EADDRNOTAVAIL: { code: "no-route", words: "cannot be reached from here" },
  EACCES: { code: "no-route", words: "cannot be reached: the connection is forbidden on this machine" },
  EPERM: { code: "no-route", words: "cannot be reached: the connection is forbidden on this machine" },
  ETIMEDOUT: { code: "timeout", words: "did not answer" },
  ECONNRESET: { code: "connection-lost", words: "closed the connection" },
  EPIPE: { code: "connection-lost", words: "closed the connection" },
};

/** Names what a socket said. What is not the network's doing is TLS's. */
export function networkError(
  error: unknown,
  { address, port, serverName }: Pick<TlsEndpoint, "address" | "port" | "serverName">,
  operation: string,
): DriverError {
  if (error instanceof DriverError) return error;
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  const known = NETWORK[code];
  const place = serverName === address ? address : `${serverName} (${address})`;
  if (known) {
    const kind = known.code === "timeout" ? "timeout" : "unreachable";
    return connectionError(
      kind,
      serverName,
      operation,
      `${place} ${known.words} on port ${port}.`,
      { code: known.code },
      error,
    );
  }
  const message = `No TLS connection to ${place}, port ${port}: ${errorMessage(error)}`;
  return connectionError("tls", serverName, operation, message, { code: "tls-failed" }, error);
}
