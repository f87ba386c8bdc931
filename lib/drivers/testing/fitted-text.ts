import { absoluteName } from "@/lib/dns/name";
import { makeZone } from "@/lib/dns/zone-build";
import { formatZone, parseCanonicalZone } from "@/lib/dns/zone-file";
import { fitZone } from "@/lib/drivers/records/fit-zone";
import type { RecordLimits } from "@/lib/drivers/records/record-limits";

/** The canonical text of what a service with these limits is to hold of a zone; null: it cannot hold it. */
export function fittedText(text: string, apex: string, limits: RecordLimits): string | null {
  const { records, refusal } = fitZone(parseCanonicalZone(text, apex), limits);
  if (refusal !== null) return null;
  const held = records.map(({ host, ...record }) => ({ ...record, owner: absoluteName(host, apex) }));
  return formatZone(makeZone(apex, held));
}
