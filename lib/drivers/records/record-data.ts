import { DnsSyntaxError } from "@/lib/dns/errors";
import { quoteOctets, unescapeOctets } from "@/lib/dns/octets";
import { parseRdata } from "@/lib/dns/rdata/registry";
import { tokenize } from "@/lib/dns/tokenizer";

/** A record's data as services store it: one text, and MX's preference apart from it. */
export interface RecordData {
  readonly data: string;
  readonly preference?: number;
}

/** TXT rdata as one text of octets (a character for each), its strings put together as their readers do (RFC 7208 §3.3, RFC 6376 §3.6.2.2). */
export function joinedText(rdata: string): string {
  return tokenize(rdata)
    .map(({ text }) => Buffer.from(unescapeOctets(text)).toString("latin1"))
    .join("");
}

/** Canonical rdata of any type but SRV as it is sent. */
export function dataOf(type: string, rdata: string): RecordData {
  if (type === "TXT" || type === "SPF") return { data: joinedText(rdata) };
  if (type !== "MX") return { data: rdata };
  const [preference = "", exchange = ""] = rdata.split(" ");
  return { data: exchange, preference: Number(preference) };
}

/**
 * Stored data as canonical rdata, whatever its spelling. Names without a final dot lie in the zone (RFC 1035 §5.1), as the services' own
 * pages say.
 * @returns null for what cannot be read: such a record is none that we would have made
 */
export function rdataFrom(type: string, { data, preference }: RecordData, apex: string): string | null {
  try {
    if (type === "TXT" || type === "SPF") return quoteOctets(new TextEncoder().encode(withoutQuotes(data)));
    return parseRdata(type, type === "MX" ? `${preference ?? 10} ${data}` : data, apex);
  } catch (error) {
    if (error instanceof DnsSyntaxError) return null;
    throw error;
  }
}

/** A service may hand a text back in the quotes of a zone file. */
function withoutQuotes(text: string): string {
  return /^"[^"\\]*"$/.test(text) ? text.slice(1, -1) : text;
}

/** An owner as services tell it: relative to the zone, `@` or nothing for the zone itself, or a whole name with its final dot; null outside of the zone. */
export function hostFrom(host: string, apex: string): string | null {
  const text = host.trim().toLowerCase();
  if (text === "" || text === "@" || text === apex) return "@";
  if (!text.endsWith(".")) return text;
  return text.endsWith(`.${apex}`) ? text.slice(0, -apex.length - 1) : null;
}
