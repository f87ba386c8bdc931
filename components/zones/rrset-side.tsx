import type { RRset } from "@/lib/dns/zone";

/** One side's records; none where the name had no such record. */
export function RRsetSide({ word, rrset }: { word: string; rrset: RRset | null }) {
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
