import { isNewerSerial, nextSerial } from "@/lib/dns/serial";
import type { Zone } from "@/lib/dns/zone";
import { soaOf, withSerial } from "@/lib/dns/zone-build";

/**
 * The serial that a change gets: moved forward once, unless the text itself already moves it further (a foreign serial in the future).
 * @param now epoch milliseconds
 * @param current serial of the revision that is followed
 */
export function advanceSerial(now: number, zone: Zone, current: number): Zone {
  const next = nextSerial(current, new Date(now));
  const given = soaOf(zone).serial;
  return withSerial(zone, isNewerSerial(given, next) ? given : next);
}
