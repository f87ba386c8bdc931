import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import type { EverywhereSummary } from "@/lib/proof/queries-everywhere";
import { everywhereSentence } from "./everywhere-words";

/** "All 1,204 zones are served by all 3 nameservers, last looked at 4 minutes ago." */
export function EverywhereLine({ summary }: { summary: EverywhereSummary }) {
  const { notEverywhere, problems, zones, targets, lookedAt } = summary;
  const isEmpty = zones === 0 || targets === 0;
  const kind = isEmpty ? "unknown" : notEverywhere === 0 ? "ok" : problems > 0 ? "warning" : "waiting";
  return (
    <Status kind={kind} className="whitespace-normal">
      <span>
        <span className="font-medium">{everywhereSentence(summary)}</span>
        {!isEmpty && lookedAt !== null && (
          <span className="text-muted">
            , last looked at <RelativeTime at={lookedAt} />
          </span>
        )}
      </span>
    </Status>
  );
}
