import { Link } from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { DiffView } from "@/components/zones/diff-view";
import { diffSentence } from "@/components/zones/diff-words";
import { ZoneName } from "@/components/zones/zone-name";
import { zonePath } from "@/components/zones/zone-path";
import type { ItemRow } from "@/lib/change-sets/queries-items";
import { counted, ITEM_WORDS } from "./change-words";
import { TickZone } from "./tick-zone";

/** Differences that stand open; the others open at a click. */
const OPEN = 3;

/** The zones of a plan, to be ticked, with what would change; of what is carried out, how far each is. */
export function ItemList({ id, rows, isPlan }: { id: number; rows: readonly ItemRow[]; isPlan: boolean }) {
  return (
    <ul aria-label="Zones">
      {rows.map((row, index) => (
        <li key={row.name} className="flex gap-3 border-line border-b px-4 py-2 last:border-b-0">
          {isPlan && (
            <TickZone id={id} name={row.name} displayName={row.displayName} isTicked={row.state === "planned"} />
          )}
          <div className="flex min-w-0 flex-1 flex-col gap-1">
            <div className="flex flex-wrap items-baseline gap-x-3">
              <Link href={zonePath(row.name)} className="target min-w-0 font-medium hover:underline">
                <ZoneName name={row.name} displayName={row.displayName} />
              </Link>
              {isPlan ? (
                <span className="text-muted text-xs">{counted(row.records, "record")}</span>
              ) : (
                <Status kind={ITEM_WORDS[row.state].kind}>{ITEM_WORDS[row.state].words}</Status>
              )}
            </div>
            {row.message !== null && <p className="break-words text-muted text-xs">{row.message}</p>}
            {row.diff && (
              <details open={index < OPEN}>
                <summary className="link w-fit cursor-pointer">{diffSentence(row.diff)}</summary>
                <div className="mt-2">
                  <DiffView diff={row.diff} apex={row.name} label={`What changes in ${row.displayName}`} />
                </div>
              </details>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
