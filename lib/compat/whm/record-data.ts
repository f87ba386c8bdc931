import { quoteOctets, unescapeOctets } from "@/lib/dns/octets";
import { rdataType } from "@/lib/dns/rdata/registry";
import { tokenize } from "@/lib/dns/tokenizer";

/** Record data as `parse_dns_zone` and `mass_edit_dns_zone` have it: one item a field, strings without quotes and escapes. */

/** Splits canonical rdata into items. Character-strings are their octets; everything else is as it stands in a zone file. */
export function dataItems(rdata: string): Buffer[] {
  const items: Buffer[] = [];
  for (const { text, quoted, glued } of tokenize(rdata)) {
    const before = glued ? items.pop() : undefined;
    // `alpn="h2,h3"` is one word of which a part is quoted: it stays as it is written.
    if (before) items.push(Buffer.concat([before, Buffer.from(quoted ? `"${text}"` : text)]));
    else items.push(quoted ? Buffer.from(unescapeOctets(text)) : Buffer.from(text));
  }
  return items;
}

/**
 * Items as presentation text for `parseRdata`.
 * @param items as a client sends them: TXT data without quotes, as many strings as it likes, each of any length
 */
export function rdataText(type: string, items: readonly string[]): string {
  const fields = rdataType(type)?.fields ?? [];
  const isText = (index: number) => {
    const kind = fields[Math.min(index, fields.length - 1)]?.kind;
    return kind === "strings" || (kind === "text" && index < fields.length);
  };
  return items.map((item, index) => (isText(index) ? quoteOctets(Buffer.from(item)) : item)).join(" ");
}
