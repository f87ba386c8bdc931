/** Exchanges as debug mode shows them: readable, bounded, and without anything that lets somebody in. */

const MAX_TEXT = 2_000;
const MAX_VALUE = 200;
const MAX_FIELDS = 40;

/** Fields whose value is a secret: passwords and tokens, and the private halves of DNSSEC keys. */
const SECRET_FIELD = /^(pass(word)?|(api_?)?token|accesshash|key_data|cpdnskey-.*)$/i;
/** The same in an answer of WHM API 1. */
const SECRET_JSON = /("(?:pass(?:word)?|(?:api_?)?token|accesshash|key_data|key_content)"\s*:\s*")(?:[^"\\]|\\.)*/gi;
const REMOVED = "[removed]";

type Fields = readonly (readonly [name: string, value: string])[];

/** A request as lines: method and target, then a line for each field with the beginning of its value. @param fields null: it has no body */
export function requestText(method: string, target: string, fields: Fields | null): string {
  const shown = (fields ?? []).slice(0, MAX_FIELDS).map(([name, value]) => `${name}=${shownValue(name, value)}`);
  const more = (fields?.length ?? 0) - shown.length;
  return [`${method} ${target}`, ...shown, ...(more > 0 ? [`… and ${more} more fields`] : [])].join("\n");
}

function shownValue(name: string, value: string): string {
  if (SECRET_FIELD.test(name)) return REMOVED;
  return value.length > MAX_VALUE ? `${value.slice(0, MAX_VALUE)}… (${value.length} characters)` : value;
}

/**
 * The beginning of an answer, or of a request that is no form.
 * @param secrets the credential that was sent, in each of its spellings: some servers repeat it in what they say
 */
export function bodyText(body: Buffer, secrets: readonly string[]): string {
  // One octet more than is shown may be the start of a secret, so it is taken out of a longer piece.
  const piece = body.subarray(0, MAX_TEXT * 4).toString("utf8");
  const text = withoutSecrets(piece, secrets)
    .replace(SECRET_JSON, `$1${REMOVED}`)
    .replace(/[^\P{C}\n\t]/gu, "·");
  return text.length > MAX_TEXT || body.length > MAX_TEXT * 4
    ? `${text.slice(0, MAX_TEXT)}… (${body.length} octets)`
    : text;
}

/** A text without a credential, in each of its spellings. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.filter((secret) => secret !== "").reduce((shown, secret) => shown.replaceAll(secret, REMOVED), text);
}
