import { Link } from "@/components/ui/link";
import { Status, type StatusKind } from "@/components/ui/status";
import type { Trust, TrustHalf } from "@/lib/trust/trust-state";
import { trustPath } from "./trust-path";

const KIND: Record<Trust["state"], StatusKind> = {
  whole: "ok",
  "one-way": "warning",
  broken: "error",
  unknown: "unknown",
  "not-required": "paused",
};

/** The state of a trust as shape and words. */
export function TrustStatus({ trust }: { trust: Pick<Trust, "state" | "label"> }) {
  return <Status kind={KIND[trust.state]}>{trust.label}</Status>;
}

/** The same with the way to the page about it; and why, where something is wrong. @param accountId whose cluster, when it is not one's own */
export function TrustWords({ trust, accountId }: { trust: Trust; accountId: number | undefined }) {
  const half = trust.ours.state === "broken" ? trust.ours : trust.theirs;
  return (
    <div className="text-xs">
      <Link href={trustPath(accountId)} className="link">
        <TrustStatus trust={trust} />
      </Link>
      {trust.state === "broken" && <p className="max-w-100 break-words">{half.reason}</p>}
    </div>
  );
}

const HALF: Record<TrustHalf["state"], { kind: StatusKind; word: string }> = {
  works: { kind: "ok", word: "Works" },
  broken: { kind: "error", word: "Broken" },
  missing: { kind: "warning", word: "Missing" },
  unknown: { kind: "unknown", word: "Not known" },
};

/** One half, with why it is as it is. @param isSpared it is missing and may be */
export function HalfWords({ half, isSpared = false }: { half: TrustHalf; isSpared?: boolean }) {
  const { kind, word } = HALF[half.state];
  return (
    <>
      <Status kind={isSpared ? "paused" : kind}>{word}</Status>
      <p className="max-w-80 break-words text-muted text-xs">{half.reason}</p>
    </>
  );
}
