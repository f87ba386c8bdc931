import { Banner } from "@/components/ui/banner";
import { Status, type StatusKind } from "@/components/ui/status";
import type { TrustSetup, TrustStep } from "@/lib/trust/set-up";

const OUTCOME: Record<TrustStep["outcome"], { kind: StatusKind; word: string }> = {
  done: { kind: "ok", word: "Done" },
  undone: { kind: "paused", word: "Taken back" },
  failed: { kind: "error", word: "Failed" },
};

/** What setting up a reverse trust did on each side, and what of it was taken back. */
export function TrustResult({ trust }: { trust: TrustSetup }) {
  const { isEstablished, name, steps } = trust;
  return (
    <div className="flex flex-col gap-3">
      <Banner
        tone={isEstablished ? "ok" : "bad"}
        live
        title={isEstablished ? `${name} and this server trust each other.` : "The reverse trust was not set up."}
      />
      <ul aria-label="What was done on each side" className="flex flex-col gap-2">
        {steps.map((step) => (
          <li key={step.words} className="rounded-md border border-line px-3 py-2">
            <p className="flex flex-wrap items-center gap-x-3">
              <span className="font-medium">{step.where}</span>
              <Status kind={OUTCOME[step.outcome].kind}>{OUTCOME[step.outcome].word}</Status>
            </p>
            <p className="break-words">{step.words}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}
