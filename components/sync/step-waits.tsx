import { Banner } from "@/components/ui/banner";
import { Link } from "@/components/ui/link";
import { RelativeTime } from "@/components/ui/relative-time";
import type { StepWait } from "@/lib/sync-jobs/step-waits";
import { counted } from "./sync-words";

/** Servers that are not reached, for which steps wait: why, how often each was tried, and when it is tried again. */
export function StepWaits({ waits }: { waits: readonly StepWait[] }) {
  return waits.map((wait) => (
    <Banner
      key={wait.memberId}
      tone="warn"
      title={`${counted(wait.steps, "step")} ${wait.steps === 1 ? "waits" : "wait"} for ${wait.name}`}
    >
      {wait.detail && <WaitDetail memberId={wait.memberId} detail={wait.detail} />}
      <p>What was asked for is sent by itself as soon as that is over. Nothing has to be asked for again.</p>
    </Banner>
  ));
}

function WaitDetail({ memberId, detail }: { memberId: number; detail: NonNullable<StepWait["detail"]> }) {
  const { reason, lastAnswerAt, attempts, nextTryAt } = detail;
  return (
    <p>
      <span className="break-words">{reason}</span>{" "}
      {lastAnswerAt === null ? (
        "It never answered."
      ) : (
        <>
          It answered last <RelativeTime at={lastAnswerAt} />.
        </>
      )}{" "}
      {nextTryAt !== null && (
        <>
          Tried {counted(attempts, "time")} since; next try <RelativeTime at={nextTryAt} />.{" "}
        </>
      )}
      <Link href={`/cluster/${memberId}`} className="link">
        See the server
      </Link>
    </p>
  );
}
