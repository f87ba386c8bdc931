"use client";

import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { utcWords } from "@/components/ui/time-words";
import type { CertificateInfo } from "@/lib/drivers/http/certificate";

interface CertificatePanelProps {
  certificate: CertificateInfo;
  /** The pin that was accepted before, when the key is another one now. */
  acceptedPin?: string;
  onAccept: (pin: string) => void;
  /** It is about a hosted DNS service, on which nobody here runs commands. */
  isService: boolean;
}

/** Prints the pin of the certificate that a server shows; OpenSSL is everywhere. */
const PIN_COMMAND =
  "openssl s_client -connect localhost:2087 </dev/null 2>/dev/null | openssl x509 -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64";

/** The certificate that a server showed, for somebody to decide on. */
export function CertificatePanel({ certificate, acceptedPin, onAccept, isService }: CertificatePanelProps) {
  const { subject, issuer, names, validFrom, validTo, distrust, pin } = certificate;
  return (
    <section aria-label="Certificate of the remote server" className="rounded-md border border-line p-3">
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1 [&_dd]:break-words [&_dt]:text-muted">
        <dt>Subject</dt>
        <dd>{subject}</dd>
        <dt>Issuer</dt>
        <dd>{issuer}</dd>
        {names.length > 0 && (
          <>
            <dt>For</dt>
            <dd>{names.join(", ")}</dd>
          </>
        )}
        <dt>Valid</dt>
        <dd>
          {utcWords(validFrom)} to {utcWords(validTo)}
        </dd>
        {distrust && (
          <>
            <dt>Not trusted</dt>
            <dd>{distrust}</dd>
          </>
        )}
        {acceptedPin && (
          <>
            <dt>Old pin</dt>
            <dd>
              <code className="break-all">{acceptedPin}</code>
            </dd>
          </>
        )}
        <dt>{acceptedPin ? "New pin" : "Pin (SPKI, SHA-256)"}</dt>
        <dd>
          <code className="break-all font-semibold">{pin}</code>
        </dd>
      </dl>
      {!isService && (
        <>
          <p className="mt-3 mb-1 text-muted text-xs">
            Compare the pin before you accept it. On the remote server itself, this command prints it (change 2087 if
            its panel has another port):
          </p>
          <CodeBlock label="command that prints the pin" code={PIN_COMMAND} wrap />
        </>
      )}
      <Button className="mt-3" onClick={() => onAccept(pin)}>
        {acceptedPin ? "Accept the new certificate" : "Accept this certificate"}
      </Button>
    </section>
  );
}
