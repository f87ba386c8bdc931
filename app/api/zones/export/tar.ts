/**
 * A tar archive of small text files (POSIX ustar, IEEE 1003.1), the way `tar` itself writes it: a header of 512 octets, the content, zeros up to
 * the next 512; two blocks of zeros at the end. Names are plain ASCII of at most 100 octets; the caller makes them so.
 */
const BLOCK = 512;
const encoder = new TextEncoder();

/** One file of the archive. @param mtime seconds since the epoch @throws RangeError for a name that does not fit */
export function tarEntry(name: string, text: string, mtime: number): Uint8Array {
  const content = encoder.encode(text);
  const size = Math.ceil(content.length / BLOCK) * BLOCK;
  const entry = new Uint8Array(BLOCK + size);
  entry.set(header(name, content.length, mtime));
  entry.set(content, BLOCK);
  return entry;
}

export const TAR_END = new Uint8Array(2 * BLOCK);

function header(name: string, size: number, mtime: number): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string) => block.set(encoder.encode(text), at);
  const octal = (at: number, width: number, value: number) => put(at, value.toString(8).padStart(width - 1, "0"));
  if (encoder.encode(name).length > 100) throw new RangeError(`The name ${name} is too long for a tar header.`);
  put(0, name);
  octal(100, 8, 0o644);
  octal(108, 8, 0);
  octal(116, 8, 0);
  octal(124, 12, size);
  octal(136, 12, mtime);
  // The checksum is taken with its own field as spaces.
  put(148, " ".repeat(8));
  put(156, "0");
  put(257, "ustar\x0000");
  const sum = block.reduce((total, octet) => total + octet, 0);
  put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  return block;
}
