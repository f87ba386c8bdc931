import { promisify } from "node:util";
import { unzip } from "node:zlib";
import { decodeFields, FormError, type FormField, ZONE_FIELD } from "@/lib/drivers/whm/form-fields";
import { zoneNameOf } from "@/lib/drivers/whm/protocol";
import { AppError } from "@/lib/errors";
import type { WireRequest } from "@/lib/net/exchange";

const decompress = promisify(unzip);

/** A zone in a form, as it was sent. */
export interface FormZone {
  /** The name as it was spelled. */
  readonly given: string;
  /** undefined: not a zone name here. */
  readonly name: string | undefined;
  readonly text: string;
  /** Why the text could not be decoded; null when it could. */
  readonly problem: string | null;
}

/** The arguments of a call, wherever they stood: in the query or in the body, which wins. */
export class Form {
  private readonly values = new Map<string, FormField[]>();

  constructor(readonly fields: readonly FormField[]) {
    for (const field of fields) {
      const list = this.values.get(field.name);
      if (list) list.push(field);
      else this.values.set(field.name, [field]);
    }
  }

  /** The last value under this name; undefined when there is none or it is empty. @throws FormError when it cannot be decoded */
  get(name: string): string | undefined {
    const field = this.values.get(name)?.at(-1);
    if (!field) return undefined;
    const value = textOf(field);
    return value === "" ? undefined : value;
  }

  /** @throws AppError "invalid-input" when it is missing or empty */
  required(name: string): string {
    const value = this.get(name);
    if (value === undefined) throw new AppError("invalid-input", `The argument “${name}” is missing.`);
    return value;
  }

  /** Whether a field was sent at all, be it empty. */
  has(name: string): boolean {
    return this.values.has(name);
  }

  /** Every value of a list, given as NAME repeated or as NAME-0, NAME-1 … @throws FormError */
  all(name: string): string[] {
    const prefix = `${name}-`;
    return this.fields
      .filter(
        (field) =>
          field.name === name || (field.name.startsWith(prefix) && /^\d+$/.test(field.name.slice(prefix.length))),
      )
      .map(textOf)
      .filter((value) => value !== "");
  }

  /** A zone's name under `name`. @throws AppError "invalid-input" when it is missing or no zone name */
  zoneName(name: string): string {
    const text = this.required(name);
    const zone = zoneNameOf(text);
    if (zone === undefined) throw new AppError("invalid-input", `“${text.slice(0, 100)}” is not a zone name.`);
    return zone;
  }

  /** Names in a comma, pipe or white-space list; what is no zone name here is left out. */
  zoneNames(name: string): string[] {
    const words = this.all(name).flatMap((value) => value.split(/[,|\s]+/));
    return [...new Set(words.flatMap((word) => zoneNameOf(word) ?? []))];
  }

  /** The zones of a bulk command, `cpdnszone-NAME=TEXT`. */
  zones(): FormZone[] {
    return this.fields
      .filter(({ name }) => name.startsWith(ZONE_FIELD))
      .map(({ name, value, problem }) => {
        const given = name.slice(ZONE_FIELD.length);
        return { given, name: zoneNameOf(given), text: value, problem };
      });
  }
}

function textOf({ name, value, problem }: FormField): string {
  if (problem !== null) throw new FormError(`The field “${name.slice(0, 60)}” has ${problem}.`);
  return value;
}

/**
 * Reads the arguments of a request: GET or POST, whatever content type, plain or compressed.
 * @param maxBytes of the body, before and after decompression. A longer one is refused before it is read where it says its length.
 * @param plusIsSpace whether `+` in the query is a space: scripts write it so, member commands do not
 * @throws FormError
 */
export async function readForm(
  request: WireRequest,
  options: { maxBytes: number; plusIsSpace: boolean },
): Promise<Form> {
  const { search } = new URL(request.url);
  const query = decodeFields(Buffer.from(search.slice(1)), options);
  if (request.body === null || request.method === "GET" || request.method === "HEAD") return new Form(query);
  const body = await readBody(request, request.body, options.maxBytes);
  const isUrlEncoded = (request.headers.get("content-type") ?? "").toLowerCase().includes("x-www-form-urlencoded");
  return new Form([...query, ...decodeFields(body, { plusIsSpace: isUrlEncoded })]);
}

async function readBody(
  request: WireRequest,
  stream: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array> {
  const tooLong = () =>
    new FormError(`The request is larger than ${Math.round(maxBytes / 1_048_576)} MiB. Send less at a time.`, 413);
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLong();
  const chunks: Uint8Array[] = [];
  const iterator = stream[Symbol.asyncIterator]();
  for (let size = 0; ; ) {
    const { done, value } = await iterator.next();
    if (done) break;
    size += value.length;
    // Left where it is: whoever gave it throws the rest away.
    if (size > maxBytes) throw tooLong();
    chunks.push(value);
  }
  const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  const encoding = (request.headers.get("content-encoding") ?? "identity").trim().toLowerCase();
  if (encoding === "identity" || encoding === "") return body;
  if (!/^(x-)?gzip$|^deflate$/.test(encoding))
    throw new FormError("Only gzip and deflate are understood as content encoding.", 415);
  try {
    return await decompress(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError) throw tooLong();
    throw new FormError("The compressed request is damaged.");
  }
}
