import { quoteOctets } from "../octets";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** How a form value says that it is written as in a zone file: it starts with a quote. */
const PRESENTATION = /^\s*(?:\(\s*)?"/;
const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/**
 * Octets as a person edits them: plain text where that is possible and unmistakable, otherwise `presentation`.
 * @param presentation the zone file spelling, starting with a quote.
 */
export function octetsToFormText(octets: Uint8Array, presentation: string): string {
  try {
    const text = decoder.decode(octets);
    const blank = text !== "" && text.trim() === "";
    return blank || CONTROL.test(text) || PRESENTATION.test(text) ? presentation : text;
  } catch (error) {
    if (error instanceof TypeError) return presentation;
    throw error;
  }
}

/** The zone file spelling of what stands in the form. Line breaks, which come from pasting a wrapped value, are dropped from plain text. */
export function formTextToPresentation(value: string): string {
  if (PRESENTATION.test(value)) return value;
  return quoteOctets(new TextEncoder().encode(value.replace(/[\r\n]+[ \t]*/g, "")));
}
