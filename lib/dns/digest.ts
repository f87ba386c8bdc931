/** Server only: needs node:crypto. */
import { createHash } from "node:crypto";
import type { Zone } from "./zone";
import { formatZone } from "./zone-file";

/**
 * SHA-256 (lower-case hex) over the canonical text with the SOA serial replaced by 0: equal exactly when two zones hold the same records with the
 * same TTLs, whatever their serials. Two servers compute the same.
 */
export function digestZone(zone: Zone): string {
  return digestCanonicalText(formatZone(zone));
}

/** The same from text that `formatZone` wrote. Looks at the first line only, where the SOA stands. */
export function digestCanonicalText(text: string): string {
  const hash = createHash("sha256");
  const serial = findSerial(text);
  if (!serial) return hash.update(text).digest("hex");
  return hash.update(`${text.slice(0, serial.start)}0${text.slice(serial.end)}`).digest("hex");
}

/** `owner ttl IN SOA mname rname SERIAL …`: names in canonical text hold no spaces. */
function findSerial(text: string): { start: number; end: number } | undefined {
  let at = -1;
  const fields: number[] = [];
  for (let field = 0; field < 7; field++) {
    fields.push(at + 1);
    at = text.indexOf(" ", at + 1);
    if (at < 0) return undefined;
  }
  const [, , , type = 0, mname = 0, , start = 0] = fields;
  return text.slice(type, mname) === "SOA " ? { start, end: at } : undefined;
}
