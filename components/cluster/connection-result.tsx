"use client";

import { Banner } from "@/components/ui/banner";
import type { ConnectionCheck } from "@/lib/members/check-connection";
import { CertificatePanel } from "./certificate-panel";

interface ConnectionResultProps {
  result: ConnectionCheck;
  onAccept: (pin: string) => void;
  /** It is about a hosted DNS service. */
  isService?: boolean;
}

/** What Test connection found. */
export function ConnectionResult({ result, onAccept, isService = false }: ConnectionResultProps) {
  if (result.ok) {
    const { software, version, hostname, dnsAddresses, nameserver } = result.status;
    return (
      <Banner tone="ok" live title="The connection works.">
        {software} {version}
        {hostname ? ` on ${hostname}` : ""} answers at {result.address}, and{" "}
        {isService ? "the account may manage DNS there." : "the token may manage the cluster."}
        {dnsAddresses.length > 0 &&
          ` Its nameserver is asked at ${dnsAddresses.map((dns) => `${dns.address}#${dns.port}`).join(", ")}.`}
        {nameserver?.software && ` Server Type: ${nameserver.software}.`}
        {nameserver?.runs === false && " It says that its nameserver does not run."}
      </Banner>
    );
  }
  const { title, advice, certificate, acceptedPin } = result.problem;
  return (
    <div className="flex flex-col gap-3">
      <Banner tone="bad" live title={title}>
        {advice}
      </Banner>
      {certificate && (
        <CertificatePanel
          certificate={certificate}
          acceptedPin={acceptedPin}
          onAccept={onAccept}
          isService={isService}
        />
      )}
    </div>
  );
}
