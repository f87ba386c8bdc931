import { Badge } from "@/components/ui/badge";
import { Link } from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { DiffView } from "@/components/zones/diff-view";
import { diffSentence } from "@/components/zones/diff-words";
import { ZoneName } from "@/components/zones/zone-name";
import { zonePath } from "@/components/zones/zone-path";
import type { ItemView } from "@/lib/sync-jobs/queries";
import { ITEM_STATES, MARK_WORDS, stepSentence } from "./sync-words";

/** The steps of a plan and what became of them, to be read. */
export function PlanSteps({ items, isOrphans = false }: { items: readonly ItemView[]; isOrphans?: boolean }) {
  return (
    <ul aria-label="Steps">
      {items.map((item) => (
        <PlanStep key={item.id} item={item} isOrphan={isOrphans} />
      ))}
    </ul>
  );
}

function PlanStep({ item, isOrphan }: { item: ItemView; isOrphan: boolean }) {
  const { zone, displayName, diff, marks, state, message, action, hereSeq } = item;
  const { kind, words } = item.isHeldUp
    ? ({ kind: "waiting", words: `Waits for ${item.memberName}` } as const)
    : ITEM_STATES[state];
  const name = <ZoneName name={zone} displayName={displayName} />;
  return (
    <li className="flex flex-col gap-1 border-line border-b px-4 py-2 last:border-b-0">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <p className="min-w-0 break-all font-medium">
          {hereSeq > 0 ? (
            <Link href={zonePath(zone)} className="target hover:underline">
              {name}
            </Link>
          ) : (
            name
          )}
        </p>
        <Status kind={kind}>{words}</Status>
        {marks.length > 0 && <Badge tone="warn">Marked</Badge>}
      </div>
      <p className="break-words">{stepSentence(item, { isOrphan })}</p>
      {marks.map((mark) => (
        <p key={mark} className="text-warn text-xs">
          {MARK_WORDS[mark]}
        </p>
      ))}
      {message !== null && action !== "none" && <p className="break-words text-muted text-xs">{message}</p>}
      {diff && (
        <details>
          <summary className="link w-fit cursor-pointer">{diffSentence(diff)}</summary>
          <div className="mt-2">
            <DiffView diff={diff} apex={zone} label={`Difference of ${displayName} at ${item.memberName}`} />
          </div>
        </details>
      )}
    </li>
  );
}
