"use client";

import { Terminal } from "lucide-react";
import { useRouter } from "next/navigation";
import { startTransition, useEffect, useEffectEvent, useState } from "react";
import { useLive } from "@/components/live/use-live";
import { RepairButton } from "@/components/repair/repair-button";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Dialog, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { Status } from "@/components/ui/status";
import { ReceiptChips } from "@/components/zones/receipt-chips";
import { isSettled, receiptKind, receiptSentence } from "@/components/zones/receipt-words";
import { zonePath } from "@/components/zones/zone-path";
import { MANY_MS } from "@/components/zones/zone-refresh";
import type { DigAddress } from "@/lib/zones/queries-dig";
import type { Receipts } from "@/lib/zones/receipts";

interface ReceiptsPanelProps {
  name: string;
  /** The revision that the page shows. */
  seq: number;
  initial: Receipts;
  addresses: readonly DigAddress[];
  mayRepair: boolean;
}

/** While something is on its way it is asked for this often even if no poke comes, in ms. */
const SAFETY_NET = 2_000;

/** The newest change on its way through the fleet, live: pending, accepted, served at every target, with latencies. */
export function ReceiptsPanel({ name, seq, initial, addresses, mayRepair }: ReceiptsPanelProps) {
  const router = useRouter();
  const [fetched, setFetched] = useState(initial);
  const receipts = fetched.seq >= initial.seq ? fetched : initial;

  const ask = async () => {
    try {
      const response = await fetch(`/api${zonePath(name)}/receipts`, { cache: "no-store" });
      if (response.status === 404) startTransition(() => router.refresh());
      if (!response.ok) return;
      const next = (await response.json()) as Receipts;
      setFetched(next);
      // Somebody else (or this page) saved: the records are asked for as well. Edits that are not saved stay.
      if (next.seq !== seq) startTransition(() => router.refresh());
    } catch (error) {
      // No network for a moment: the next poke, or the safety net, asks again.
      if (!(error instanceof TypeError)) throw error;
    }
  };
  useLive([`zone:${name}`, "members"], () => void ask());
  useLive(["many-zones"], () => void ask(), MANY_MS);

  const isMoving = !receipts.targets.every(isSettled);
  const askAgain = useEffectEvent(() => void ask());
  useEffect(() => {
    if (!isMoving) return;
    const timer = setInterval(askAgain, SAFETY_NET);
    return () => clearInterval(timer);
  }, [isMoving]);

  return (
    <section aria-label="Newest change" className="mb-4 rounded-lg border border-line bg-surface">
      <div className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1.5">
        <p role="status" className="mr-auto">
          <Status kind={receiptKind(receipts)} className="whitespace-normal">
            <span>
              <span className="font-medium">{receiptSentence(receipts)}</span>
              <span className="text-muted"> · serial {receipts.serial}</span>
            </span>
          </Status>
        </p>
        {mayRepair && receipts.targets.some(differs) && <RepairButton zone={name} label="this zone everywhere" />}
        {addresses.length > 0 && <DigDialog name={name} addresses={addresses} />}
      </div>
      {receipts.targets.length > 0 && <ReceiptChips targets={receipts.targets} />}
    </section>
  );
}

/** It was not seen served, and is not only on its way. */
const differs = ({ state, error, detail }: Receipts["targets"][number]) =>
  state === "set-aside" || (state !== "served" && (error !== null || detail !== null));

function DigDialog({ name, addresses }: { name: string; addresses: readonly DigAddress[] }) {
  const lines = addresses.map(
    ({ address, port }) => `dig @${address} -p ${port} ${shellQuote(name)} SOA +norecurse +short`,
  );
  return (
    <Dialog>
      <DialogTrigger asChild>
        <Button size="sm" variant="ghost">
          <Terminal aria-hidden="true" /> Ask with dig
        </Button>
      </DialogTrigger>
      <DialogContent
        title="Ask with dig"
        description="Every line asks one nameserver. The third field of the answer is the serial."
        size="lg"
      >
        <CodeBlock label="dig commands" code={lines.join("\n")} />
      </DialogContent>
    </Dialog>
  );
}

/** Names may hold what a shell would take for itself. */
function shellQuote(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
