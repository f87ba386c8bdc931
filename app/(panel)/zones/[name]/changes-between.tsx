import { Banner } from "@/components/ui/banner";
import { RelativeTime } from "@/components/ui/relative-time";
import { DiffView } from "@/components/zones/diff-view";
import type { ChangePreview } from "@/lib/zones/queries-preview";

interface ChangesBetweenProps {
  between: NonNullable<ChangePreview["between"]>;
  apex: string;
  hasConflicts: boolean;
}

/** What others saved while somebody was editing. */
export function ChangesBetween({ between, apex, hasConflicts }: ChangesBetweenProps) {
  return (
    <Banner tone="info" title="The zone was changed while you edited">
      <ul className="mb-2">
        {between.revisions.map((revision) => (
          <li key={revision.seq}>
            <bdi className="font-medium">{revision.actorName}</bdi> saved serial {revision.serial}{" "}
            <RelativeTime at={revision.createdAt} />
            {revision.reason !== "" && (
              <>
                : <bdi className="break-words">{revision.reason}</bdi>
              </>
            )}
          </li>
        ))}
      </ul>
      {between.diff ? (
        <DiffView diff={between.diff} apex={apex} label="Changed in between" />
      ) : (
        <p>The revision that you started from is not kept any more, so what changed cannot be shown.</p>
      )}
      <p className="mt-2">
        {hasConflicts
          ? "Some of your edits are about the same records. Decide on them below; the others go on top."
          : "Your edits are about other records and go on top of it. Nothing of either is lost."}
      </p>
    </Banner>
  );
}
