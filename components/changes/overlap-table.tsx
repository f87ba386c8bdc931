import { Badge } from "@/components/ui/badge";
import { OwnerName } from "@/components/zones/owner-name";
import type { MergeConflict } from "@/lib/dns/merge";
import type { RRset } from "@/lib/dns/zone";

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
            <Side word="Before" rrset={wanted} />
            <Side word="After this change set" rrset={base} />
            <Side word="Now" rrset={current} />
          </dl>
        </li>
      ))}
    </ul>
  );
}

/** One side's records; none where the name had no such record. */
export function Side({ word, rrset }: { word: string; rrset: RRset | null }) {
  return (
    <div className="min-w-0">
      <dt className="text-muted text-xs">{word}</dt>
      {rrset ? (
        rrset.rdatas.slice(0, 10).map((rdata) => (
          <dd key={rdata} className="break-all font-mono text-xs">
            {rdata} <span className="text-muted">TTL {rrset.ttl}</span>
          </dd>
        ))
      ) : (
        <dd className="text-muted text-xs">No record</dd>
      )}
      {rrset && rrset.rdatas.length > 10 && <dd className="text-muted text-xs">And {rrset.rdatas.length - 10} more</dd>}
    </div>
  );
}
