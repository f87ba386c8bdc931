/** Why text was not taken as DNS data. `message` says what is wrong and what to write instead; `code` is stable, for code and tests. */
export class DnsSyntaxError extends Error {
  override readonly name = "DnsSyntaxError";
  constructor(
    readonly code: DnsSyntaxCode,
    message: string,
  ) {
    super(message);
  }
}

export type DnsSyntaxCode =
  | "name-empty"
  | "name-label-length"
  | "name-length"
  | "name-escape"
  | "name-idn"
  | "name-relative"
  | "name-characters"
  | "name-is-address"
  | "name-is-url"
  | "name-wildcard"
  | "number-range"
  | "text-escape"
  | "text-length"
  | "text-quotes"
  | "text-control"
  | "parentheses"
  | "ttl-range"
  | "ttl-syntax"
  | "address-syntax"
  | "hex-syntax"
  | "base64-syntax"
  | "rdata-fields"
  | "rdata-value"
  | "rdata-length"
  | "rdata-wire"
  | "type-unknown"
  | "canonical-form"
  | "template-value"
  | "generate-syntax"
  | "directive"
  | "owner-missing"
  | "ttl-missing"
  | "class";

/**
 * A piece of hostile or merely long input, fit for an error message: printable ASCII and letters of any script, at most 60 characters.
 */
export function quoteInput(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57)}…` : text;
  return `“${short.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "�")}”`;
}
