/** One field of a form as it came over the wire. */
export interface FormField {
  readonly name: string;
  readonly value: string;
  /** Why `value` could not be decoded; it is then empty. Only the field is lost, not the form. */
  readonly problem: string | null;
}

/** A form that cannot be read at all. */
export class FormError extends Error {
  override readonly name = "FormError";
  constructor(
    message: string,
    /** 400, 413 or 415: for surfaces that answer with an HTTP status. */
    readonly status: 400 | 413 | 415 = 400,
  ) {
    super(message);
  }
}

/** Zone texts travel under this prefix and the zone's name. */
export const ZONE_FIELD = "cpdnszone-";

const MAX_FIELDS = 250_000;
const PERCENT_ERROR = "a % that is not followed by two hexadecimal digits";
const UTF8_ERROR = "octets that are not UTF-8";

export interface FormOptions {
  /**
   * Whether `+` stands for a space, as in `application/x-www-form-urlencoded`. WHM's client encodes every space as %20 and leaves a plus as it is
   * (in base64 of keys, in international TXT), whatever type it declares; so in a zone text a plus stays a plus wherever spaces are written as %20.
   */
  readonly plusIsSpace: boolean;
}

/** Encodes fields as WHM's client does: every special octet as %XX, spaces too. */
export function encodeFields(fields: Iterable<readonly [name: string, value: string]>): string {
  let out = "";
  for (const [name, value] of fields) {
    if (out !== "") out += "&";
    out += `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  }
  return out;
}

/**
 * Decodes a form whatever its sender calls it: %XX for every octet, octets above 127 with or without encoding, repeated names, names without `=`.
 * @throws FormError when a name cannot be decoded, or there are more than 250,000 fields
 */
export function decodeFields(body: Uint8Array, options: FormOptions): FormField[] {
  // One character an octet: no octet can be lost before it is decoded.
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("latin1");
  const fields: FormField[] = [];
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf("&", start);
    if (end < 0) end = text.length;
    if (end > start) {
      if (fields.length === MAX_FIELDS) throw new FormError(`The form has more than ${MAX_FIELDS} fields.`, 413);
      fields.push(decodeField(text.slice(start, end), options));
    }
    start = end + 1;
  }
  return fields;
}

function decodeField(raw: string, { plusIsSpace }: FormOptions): FormField {
  const equals = raw.indexOf("=");
  const rawName = equals < 0 ? raw : raw.slice(0, equals);
  const rawValue = equals < 0 ? "" : raw.slice(equals + 1);
  const name = decodeText(plusIsSpace ? rawName.replaceAll("+", " ") : rawName);
  if (typeof name !== "string") throw new FormError(`A field's name has ${name.problem}.`);
  const isZoneText = name.startsWith(ZONE_FIELD) || name === "zonedata";
  const spaced =
    plusIsSpace && !(isZoneText && /%20|%09| |\t/.test(rawValue)) ? rawValue.replaceAll("+", " ") : rawValue;
  const value = decodeText(spaced);
  if (typeof value === "string") return { name, value, problem: null };
  if (isZoneText && value.problem === UTF8_ERROR) return { name, value: escapeOctets(spaced), problem: null };
  return { name, value: "", problem: value.problem };
}

function decodeText(raw: string): string | { readonly problem: string } {
  if (!/[%\x80-\xff]/.test(raw)) return raw;
  const ascii = /[\x80-\xff]/.test(raw)
    ? raw.replace(/[\x80-\xff]/g, (octet) => encodeOctet(octet.charCodeAt(0)))
    : raw;
  try {
    return decodeURIComponent(ascii);
  } catch {
    // URIError says only "malformed": tell the two reasons apart for whoever has to correct it.
    return { problem: /%(?![0-9a-f]{2})/i.test(ascii) ? PERCENT_ERROR : UTF8_ERROR };
  }
}

function encodeOctet(octet: number): string {
  return `%${octet.toString(16).padStart(2, "0")}`;
}

/**
 * A zone text in an older encoding: its octets above 127 as `\DDD` (RFC 1035 §5.1), which is what they mean in a name or a TXT.
 * An octet that was escaped already loses its backslash.
 */
function escapeOctets(raw: string): string {
  return raw
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\[\0-\x7f]|\\?([\x80-\xff])/g, (whole, octet: string | undefined) =>
      octet === undefined ? whole : `\\${String(octet.charCodeAt(0)).padStart(3, "0")}`,
    );
}
