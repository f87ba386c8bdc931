"use client";

import { Button } from "@/components/ui/button";

/** Which certificate is trusted, once one was accepted. */
export function PinnedCertificate({ pin, onForget }: { pin: string; onForget: () => void }) {
  if (pin === "") return null;
  return (
    <div className="rounded-md border border-line px-3 py-2">
      <p className="font-medium">Accepted certificate</p>
      <p className="text-muted text-xs">
        Only a server that holds this key is talked to. Pin: <code className="break-all text-ink">{pin}</code>
      </p>
      <Button size="sm" variant="ghost" className="-ml-2" onClick={onForget}>
        Trust the system&apos;s authorities instead
      </Button>
    </div>
  );
}
