import { RelativeTime } from "@/components/ui/relative-time";
import { Status, type StatusKind } from "@/components/ui/status";
import type { MemberStatus } from "@/lib/members/member-status";
import type { MemberView } from "@/lib/members/member-view";

const KIND: Record<MemberStatus["state"], StatusKind> = {
  online: "ok",
  slowed: "warning",
  failing: "error",
  "certificate-changed": "error",
  "not-checked": "unknown",
  paused: "paused",
};

/** A member's state as shape and word, with its reason under it unless all is well. */
export function MemberState({ status }: { status: MemberStatus }) {
  return (
    <div>
      <Status kind={KIND[status.state]} title={status.reason}>
        {status.label}
      </Status>
      {status.state !== "online" && status.state !== "paused" && (
        <p className="max-w-80 text-muted text-xs">{status.reason}</p>
      )}
    </div>
  );
}

/** When it answered last, and how many commands failed since. */
export function LastAnswer({ member }: { member: Pick<MemberView, "lastAnswerAt" | "failures" | "failureWords"> }) {
  return (
    <p className="text-muted text-xs">
      {member.lastAnswerAt === null ? (
        "No answer yet"
      ) : (
        <>
          Last answer <RelativeTime at={member.lastAnswerAt} />
        </>
      )}
      {member.failures > 0 && <span className="text-warn"> · {member.failureWords}</span>}
    </p>
  );
}
