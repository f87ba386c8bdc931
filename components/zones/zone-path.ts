import { DnsSyntaxError } from "@/lib/dns/errors";
import { parseName } from "@/lib/dns/name";

/** The address of a zone's page: its name without the final dot. RFC 2317 puts a slash into names, so it is encoded. */
export function zonePath(name: string, below = ""): string {
  return `/zones/${encodeURIComponent(name.replace(/(?<=.)\.$/, ""))}${below}`;
}

/** The canonical name in such an address; null for what is no name. */
export function zoneOfPath(param: string): string | null {
  try {
    const name = decodeURIComponent(param);
    return parseName(name.endsWith(".") ? name : `${name}.`);
  } catch (error) {
    if (error instanceof DnsSyntaxError || error instanceof URIError) return null;
    throw error;
  }
}
