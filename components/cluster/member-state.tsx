import { ExactTime } from "@/components/ui/exact-time";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status, type StatusKind } from "@/components/ui/status";
import type { MemberStatus } from "@/lib/members/member-status";
import type { MemberView } from "@/lib/members/member-view";

const KIND: Record<MemberStatus["state"], StatusKind> = {
  online: "ok",
  "nameserver-stopped": "error",
  slowed: "warning",
  failing: "error",
  "certificate-changed": "error",
  "not-checked": "unknown",
  paused: "paused",
  "catching-up": "partial",
  maintenance: "paused",
  disabled: "error",
};

interface MemberStateProps {
  status: MemberStatus;
  /** Beside the word. */
  version?: string;
  /** Says what to do as well, where there is room for it. */
  withAdvice?: boolean;
}

/** A member's state as shape and word, with why it is so unless all is well. */
export function MemberState({ status, version, withAdvice = false }: MemberStateProps) {
  const { state, label, reason, advice, since, until } = status;
  return (
    <div>
      <p className="flex flex-wrap items-center gap-x-2">
        <Status kind={KIND[state]} title={reason}>
          {label}
        </Status>
        {version && <span className="text-muted">{version}</span>}
      </p>
      {since !== undefined && (
        <p className="text-xs">
          {label} since <ExactTime at={since} />
          {until !== undefined && (
            <>
              {" "}
              until <ExactTime at={until} />
            </>
          )}
        </p>
      )}
      {state !== "online" && state !== "paused" && (
        <p className="max-w-100 break-words text-xs">
          {reason} {withAdvice && <span className="text-muted">{advice}</span>}
        </p>
      )}
    </div>
  );
}

/** When it answered last, and how many commands failed since. */
export function LastAnswer({ member }: { member: Pick<MemberView, "lastAnswerAt" | "failures" | "failureWords"> }) {
  return (
    <p className="flex flex-wrap gap-x-2 text-muted text-xs">
      <span>
        {member.lastAnswerAt === null ? (
          "No answer yet"
        ) : (
          <>
            Last answer <RelativeTime at={member.lastAnswerAt} />
          </>
        )}
      </span>
      {member.failures > 0 && <span className="text-warn">{member.failureWords}</span>}
    </p>
  );
}
