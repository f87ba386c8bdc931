import { createHash, type X509Certificate } from "node:crypto";

/** A server's certificate as an administrator compares it. */
export interface CertificateInfo {
  /** SHA-256 of the SubjectPublicKeyInfo, base64 (the pin of RFC 7469 §2.4): survives a renewal with the same key. */
  readonly pin: string;
  readonly subject: string;
  readonly issuer: string;
  /** Names and addresses that it is for. */
  readonly names: readonly string[];
  /** Epoch milliseconds. */
  readonly validFrom: number;
  readonly validTo: number;
  /** Whether the system's roots vouch for it under the name that was asked for. */
  readonly isTrusted: boolean;
  /** Why not, as a clause such as "it is self-signed"; null when it is trusted. */
  readonly distrust: string | null;
}

const DISTRUST: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "it is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "its chain ends in a certificate that this system does not trust",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its issuer is not known here",
  UNABLE_TO_GET_ISSUER_CERT: "its issuer is not known here",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its issuer is not known here",
  CERT_HAS_EXPIRED: "it has expired",
  CERT_NOT_YET_VALID: "it is not valid yet",
  CERT_REVOKED: "it was revoked",
  ERR_TLS_CERT_ALTNAME_INVALID: "it is for another name",
};

/** @param problem OpenSSL's or Node's code for why the certificate is not trusted; undefined when it is */
export function certificateInfo(certificate: X509Certificate, problem: string | undefined): CertificateInfo {
  return {
    pin: publicKeyPin(certificate),
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names: (certificate.subjectAltName ?? "")
      .split(", ")
      .map((name) => name.replace(/^(DNS|IP Address):/, ""))
      .filter((name) => name !== ""),
    validFrom: Date.parse(certificate.validFrom),
    validTo: Date.parse(certificate.validTo),
    isTrusted: problem === undefined,
    distrust: problem === undefined ? null : (DISTRUST[problem] ?? `the system's check says ${problem}`),
  };
}

/** Names in certificates may hold line breaks between their parts; shown on one line, they cannot imitate another field. */
function oneLine(name: string | undefined): string {
  return (name ?? "").split("\n").join(", ").replace(/\p{C}/gu, "�").slice(0, 300);
}

/** SHA-256 of the SubjectPublicKeyInfo, base64. */
export function publicKeyPin(certificate: X509Certificate): string {
  const spki = certificate.publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(spki).digest("base64");
}
