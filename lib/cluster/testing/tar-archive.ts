/** An entry of a tar archive as a test wants it: also of the kinds that nobody should send. */
export interface TarEntry {
  readonly path: string;
  readonly text?: string;
  /** Type flag; a regular file when left out. */
  readonly type?: string;
}

/** A tar archive (POSIX ustar), uncompressed. */
export function tarArchive(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.map(tarEntry), Buffer.alloc(1_024)]);
}

function tarEntry({ path, text = "", type = "0" }: TarEntry): Buffer {
  const body = Buffer.from(text);
  const header = Buffer.alloc(512);
  header.write(path, 0, 100);
  header.write("0000644\0", 100);
  header.write(`${body.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write(" ".repeat(8), 148);
  header.write(type, 156, "latin1");
  header.write("ustar\u000000", 257);
  const sum = header.reduce((total, octet) => total + octet, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}
