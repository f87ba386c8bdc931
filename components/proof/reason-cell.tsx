import { RelativeTime } from "@/components/ui/relative-time";
import type { PairView } from "@/lib/proof/pairs";
import { reasonSentence } from "./cause-words";

/** Why a zone is not served at a nameserver as it should be: a sentence, what the other side said, and when it goes on. */
export function ReasonText({ pair }: { pair: PairView }) {
  const { words, nextAt } = pair.reason;
  return (
    <>
      <p>{reasonSentence(pair)}</p>
      {words !== null && (
        <p className="max-w-140 text-muted text-xs [overflow-wrap:anywhere]">
          <bdi>{words}</bdi>
        </p>
      )}
      {(nextAt !== null || pair.attempts > 1) && (
        <p className="text-muted text-xs">
          {pair.attempts > 1 && `${pair.attempts} tries. `}
          {nextAt !== null && (
            <>
              {pair.reason.state === "paused" ? "Goes on" : "Next try"} <RelativeTime at={nextAt} />
            </>
          )}
        </p>
      )}
    </>
  );
}
