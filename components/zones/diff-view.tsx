import { Badge } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import { type RRsetDiff, recordDiff, type ZoneDiff } from "@/lib/dns/diff";
import { diffSentence, rrsetWords } from "./diff-words";
import { OwnerName } from "./owner-name";

/** RRsets that are shown; a whole zone that was replaced is looked at as a file. */
const SHOWN = 500;

/** A difference between two states of a zone, to be read: a sentence, then each RRset with the records that go and come. */
export function DiffView({ diff, apex, label }: { diff: ZoneDiff; apex: string; label: string }) {
  const more = diff.rrsets.length - SHOWN;
  return (
    <section aria-label={label} className="flex flex-col gap-2">
      <p>{diffSentence(diff)}</p>
      {diff.rrsets.length > 0 && (
        <ul className="overflow-hidden rounded-md border border-line">
          {diff.rrsets.slice(0, SHOWN).map((rrset) => (
            <RRsetLines key={`${rrset.owner} ${rrset.type}`} rrset={rrset} apex={apex} />
          ))}
        </ul>
      )}
      {more > 0 && <p className="text-muted">And {more} more names and types.</p>}
      {diff.serial && (
        <p className="text-muted text-xs">
          Serial {diff.serial.before} → {diff.serial.after}
        </p>
      )}
    </section>
  );
}

function RRsetLines({ rrset, apex }: { rrset: RRsetDiff; apex: string }) {
  const { removed, added, ttlChanged } = recordDiff(rrset);
  const kept = ttlChanged ? (rrset.after?.rdatas.filter((rdata) => !added.includes(rdata)) ?? []) : [];
  return (
    <li className="border-line border-b last:border-b-0">
      <p className="flex flex-wrap items-baseline gap-x-2 bg-sunken px-2 py-1">
        <OwnerName owner={rrset.owner} apex={apex} className="break-all font-medium font-mono text-xs" />
        <Badge mono>{rrset.type}</Badge>
        <span className="text-muted text-xs">{rrsetWords(rrset)}</span>
      </p>
      {removed.map((rdata) => (
        <Line key={`- ${rdata}`} sign="−" word="Removed" rdata={rdata} ttl={rrset.before?.ttl} />
      ))}
      {added.map((rdata) => (
        <Line key={`+ ${rdata}`} sign="+" word="Added" rdata={rdata} ttl={rrset.after?.ttl} />
      ))}
      {kept.slice(0, 20).map((rdata) => (
        <Line key={`= ${rdata}`} sign=" " word="Kept with the new TTL" rdata={rdata} ttl={rrset.after?.ttl} />
      ))}
    </li>
  );
}

const LOOK = { "−": "bg-bad-soft text-bad", "+": "bg-ok-soft text-ok", " ": "text-muted" };

function Line(props: { sign: keyof typeof LOOK; word: string; rdata: string; ttl: number | undefined }) {
  return (
    <p className={cn("flex gap-2 px-2 py-0.5 font-mono text-xs", LOOK[props.sign])}>
      <span aria-hidden="true" className="w-2 shrink-0 select-none">
        {props.sign}
      </span>
      <span className="sr-only">{props.word}: </span>
      <span className="min-w-0 flex-1 break-all">{props.rdata}</span>
      <span className="shrink-0">TTL {props.ttl}</span>
    </p>
  );
}
