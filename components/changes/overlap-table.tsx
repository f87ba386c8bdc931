import { Badge } from "@/components/ui/badge";
import { OwnerName } from "@/components/zones/owner-name";
import { RRsetSide } from "@/components/zones/rrset-side";
import type { MergeConflict } from "@/lib/dns/merge";

/** Overlaps that are shown; the difference below has all of it. */
const SHOWN = 20;

/** Records that a change set and later edits both touched, side by side. */
export function OverlapTable({ overlaps, apex }: { overlaps: readonly MergeConflict[]; apex: string }) {
  return (
    <ul aria-label="Records in the way" className="overflow-hidden rounded-md border border-line">
      {overlaps.slice(0, SHOWN).map(({ owner, type, base, wanted, current }) => (
        <li key={`${owner} ${type}`} className="border-line border-b last:border-b-0">
          <p className="flex flex-wrap items-baseline gap-x-2 bg-sunken px-2 py-1">
            <OwnerName owner={owner} apex={apex} className="break-all font-medium font-mono text-xs" />
            <Badge mono>{type}</Badge>
          </p>
          <dl className="grid gap-x-4 gap-y-1 px-2 py-1 sm:grid-cols-3">
            <RRsetSide word="Before" rrset={wanted} />
            <RRsetSide word="After this change set" rrset={base} />
            <RRsetSide word="Now" rrset={current} />
          </dl>
        </li>
      ))}
    </ul>
  );
}
