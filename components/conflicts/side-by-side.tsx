import { Badge } from "@/components/ui/badge";
import { OwnerName } from "@/components/zones/owner-name";
import { RRsetSide } from "@/components/zones/rrset-side";
import type { ZoneDiff } from "@/lib/dns/diff";

/** RRsets that are shown; a whole zone that differs is looked at in its history. */
const SHOWN = 200;

interface SideBySideProps {
  /** From the one that won to the one that lost. */
  diff: ZoneDiff;
  apex: string;
  won: string;
  lost: string;
}

/** Two copies of a zone beside each other, as far as they differ. */
export function SideBySide({ diff, apex, won, lost }: SideBySideProps) {
  const more = diff.rrsets.length - SHOWN;
  if (diff.rrsets.length === 0) return <p>Both copies have the same records; only their serials differ.</p>;
  return (
    <section aria-label="What differs" className="flex flex-col gap-2">
      <ul className="overflow-hidden rounded-md border border-line">
        {diff.rrsets.slice(0, SHOWN).map(({ owner, type, before, after }) => (
          <li key={`${owner} ${type}`} className="border-line border-b last:border-b-0">
            <p className="flex flex-wrap items-baseline gap-x-2 bg-sunken px-2 py-1">
              <OwnerName owner={owner} apex={apex} className="break-all font-medium font-mono text-xs" />
              <Badge mono>{type}</Badge>
            </p>
            <dl className="grid gap-x-4 gap-y-1 px-2 py-1 sm:grid-cols-2">
              <RRsetSide word={won} rrset={before} />
              <RRsetSide word={lost} rrset={after} />
            </dl>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="text-muted">And {more} more names and types.</p>}
    </section>
  );
}
