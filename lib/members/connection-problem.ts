import type { CertificateInfo } from "@/lib/drivers/http/certificate";
import { type ConnectionProblemCode, connectionProblem } from "@/lib/drivers/http/connection-problem";
import type { DriverError } from "@/lib/errors";
import { backendOf } from "./backends";

/** Exactly what is wrong with a connection to a member, and what to do. Plain data: it goes to the browser as it is. */
export interface MemberProblem {
  /** "duplicate" is about our own table: everything else is about the remote server or the way to it. */
  readonly code: ConnectionProblemCode | "duplicate" | "unexpected-answer";
  /** What is wrong, one sentence. */
  readonly title: string;
  /** What to do about it. */
  readonly advice: string;
  /** The certificate that was shown, when accepting it is the way on. */
  readonly certificate?: CertificateInfo;
  /** The pin that was accepted before, when the certificate changed. */
  readonly acceptedPin?: string;
}

const ADVICE: Readonly<Record<MemberProblem["code"], string>> = {
  "name-not-resolved":
    "Check the spelling, create an A or AAAA record for the name, or enter the remote server's IP address instead.",
  "address-refused":
    "Enter the address at which other servers reach it. If this one is meant, the administrator of this server can allow it in ZONEFLEET_ALLOWED_MEMBER_NETWORKS.",
  "connection-refused":
    "Check that the remote server's panel runs, that the port is right (2087 unless you changed it), and that its firewall lets this server in.",
  "no-route": "Check the address, the routes and the firewalls between the two servers.",
  "connection-lost":
    "Check that the port is the panel's own, that it speaks HTTPS there, and that no firewall or brute-force protection on the remote server blocks this one.",
  timeout:
    "A firewall that drops packets is the usual reason: let this server reach that port. Otherwise the remote server is overloaded.",
  "certificate-untrusted":
    "Self-signed certificates are usual between cluster members. Compare the pin with the remote server's own and accept it: from then on only that key is trusted.",
  "certificate-changed":
    "If the remote server's key was replaced, compare the new pin with the remote server's own and accept it. If nobody replaced it, somebody may be answering in its place: do not accept it.",
  "tls-failed": "Check that the port is the one for HTTPS (2087), not the plain one (2086).",
  "token-refused":
    "Check the username and the token. The token may have expired, been revoked, or be limited to other IP addresses; a new one is made under Manage API Tokens on the remote server.",
  "missing-privilege":
    "Give the token the privilege clustering on the remote server, or make a new token that has it. It needs no other.",
  "address-not-trusted":
    "On the remote server, root finds the refused call under Configure Remote Service IPs and trusts its address with one click. Then try again.",
  "not-a-member-server":
    "Check the address and the port (2087 by default), and that no proxy or login page answers in the server's place.",
  redirected:
    "Enter the address that the redirect leads to. Redirects are never followed: they would carry the token along.",
  "version-too-old":
    "Every cPanel & WHM or DNSOnly server of a DNS cluster needs version 11 or higher. Update the remote server first.",
  ourselves: "A server cannot be a member of its own cluster. Enter the address of another server.",
  duplicate:
    "You cannot have two servers with the same hostname in a DNS cluster. To replace a server, delete the old one first, then add its replacement.",
  "unexpected-answer": "Try again. If it stays, turn on debug mode for this server and look at what it answers.",
};

/** Said before the remote server's own words where those may be anything. */
const LEAD: Partial<Record<MemberProblem["code"], string>> = {
  "token-refused": "The API token was refused. ",
  "missing-privilege": "The API token lacks the privilege clustering. ",
};

/** A problem of our own finding. */
export function memberProblem(
  code: MemberProblem["code"],
  title: string,
  extra: Pick<MemberProblem, "certificate" | "acceptedPin"> = {},
): MemberProblem {
  return { code, title, advice: ADVICE[code], ...extra };
}

/** The problem that a driver's error means. @param request what was asked for: the backend, and the pin if any */
export function problemOf(
  error: DriverError,
  { backend, pin }: { backend: string; pin: string | null },
): MemberProblem {
  const found = connectionProblem(error);
  const code = found?.code ?? (error.kind === "auth" ? "token-refused" : "unexpected-answer");
  const { isService, shortLabel } = backendOf(backend);
  const lead = isService ? AT_SERVICE[code]?.lead : LEAD[code];
  const problem = memberProblem(code, `${lead ?? ""}${error.message}`, {
    ...(found?.certificate ? { certificate: found.certificate } : {}),
    ...(code === "certificate-changed" && pin !== null ? { acceptedPin: pin } : {}),
  });
  if (!isService) return problem;
  const advice =
    AT_SERVICE[code]?.advice ??
    `Check this server's resolver, routes and firewall, and whether ${shortLabel} is in operation.`;
  return { ...problem, advice };
}

/** The same towards a hosted service, whose address nobody enters. What is not in here is about the way to it. */
const AT_SERVICE: Partial<Record<MemberProblem["code"], { readonly lead?: string; readonly advice: string }>> = {
  "address-refused": { advice: ADVICE["address-refused"] },
  "certificate-untrusted": {
    advice:
      "A public service has a certificate that this system trusts. Something between this server and the service may be answering in its place: accept it only if you know what that is.",
  },
  "certificate-changed": { advice: ADVICE["certificate-changed"] },
  "token-refused": {
    lead: "The username or the key was refused. ",
    advice:
      "Check both. The key may have been replaced, or be limited to other IP addresses in the service's own settings.",
  },
  "missing-privilege": {
    lead: "The user may not manage DNS. ",
    advice: "Give the user the permission to manage DNS in the service's own settings.",
  },
  "unexpected-answer": {
    advice:
      "The service answers in another way than its documentation says. Try again; if it stays, it may no longer be offered in this form.",
  },
};
