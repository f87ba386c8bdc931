import { DriverError, type DriverErrorKind } from "@/lib/errors";
import type { CertificateInfo } from "./certificate";

/**
 * What exactly is wrong with a connection, finer than `DriverErrorKind`: Test connection words each of these on its own.
 * - `name-not-resolved`: the hostname has no address, or no resolver answers.
 * - `address-refused`: it has one that members may not have (address-policy).
 * - `connection-refused`, `no-route`, `connection-lost`, `timeout`: as the network says.
 * - `certificate-untrusted`, `certificate-changed`: TLS was set up, and nothing was sent. `certificate` is what the server showed.
 * - `tls-failed`: no TLS could be set up at all.
 * - `token-refused`, `missing-privilege`: the server knows who we say we are not, or does not let us.
 * - `address-not-trusted`: the credential is right, and the address that we call from is none that the server trusts.
 * - `not-a-member-server`: something else answers there. `version-too-old`, `ourselves`: as they say.
 * - `redirected`: it answers with a redirect, which is never followed.
 */
export type ConnectionProblemCode =
  | "name-not-resolved"
  | "address-refused"
  | "connection-refused"
  | "no-route"
  | "connection-lost"
  | "timeout"
  | "certificate-untrusted"
  | "certificate-changed"
  | "tls-failed"
  | "token-refused"
  | "missing-privilege"
  | "address-not-trusted"
  | "not-a-member-server"
  | "version-too-old"
  | "ourselves"
  | "redirected";

/** `DriverError.extra.details` of every error that the HTTP client and the drivers on it raise about a connection. */
export interface ConnectionProblem {
  readonly code: ConnectionProblemCode;
  readonly certificate?: CertificateInfo;
}

/** A DriverError that says which problem it is. */
export function connectionError(
  kind: DriverErrorKind,
  subject: string,
  operation: string,
  message: string,
  details: ConnectionProblem,
  cause?: unknown,
): DriverError {
  return new DriverError(kind, subject, operation, message, { details, cause });
}

/** The problem that an error carries; undefined when it is of another sort. */
export function connectionProblem(error: unknown): ConnectionProblem | undefined {
  if (!(error instanceof DriverError)) return undefined;
  const details = error.extra.details;
  return typeof details === "object" && details !== null && "code" in details
    ? (details as ConnectionProblem)
    : undefined;
}
