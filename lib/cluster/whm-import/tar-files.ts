import { AppError } from "@/lib/errors";

/**
 * Regular files of a tar archive (POSIX ustar and pax, GNU long names), read in memory and never unpacked. Written for the few small files of a configuration:
 * what an archive of those does not have (links, devices, sparse files, paths that climb) is refused, so that nothing of it has to be handled.
 */

const BLOCK = 512;
const MAX_ENTRIES = 100_000;
/** Octets of one file that is taken. */
export const MAX_CONFIG_FILE = 65_536;

/** What the type flag says; unlisted flags are refused. */
const KINDS: Readonly<Record<string, "file" | "folder" | "long-name" | "pax" | "ignored">> = {
  "0": "file",
  "\0": "file",
  "7": "file",
  "5": "folder",
  L: "long-name",
  x: "pax",
  g: "ignored",
};

/**
 * @param wanted gives the name under which a file is taken; undefined: it is passed over
 * @returns texts by those names; of two files of one name the later one, as `tar` would leave it
 * @throws AppError "invalid-input" that says what is wrong with the archive
 */
export function readTarFiles(archive: Buffer, wanted: (path: string) => string | undefined): Map<string, string> {
  const files = new Map<string, string>();
  let longName: string | undefined;
  let at = 0;
  for (let entries = 0; at + BLOCK <= archive.length; entries++) {
    if (entries > MAX_ENTRIES) throw refused("It has too many entries. Pack the cluster configuration only.");
    const header = archive.subarray(at, at + BLOCK);
    if (header.every((octet) => octet === 0)) return files;
    assertChecksum(header);
    const size = sizeOf(header);
    const body = archive.subarray(at + BLOCK, at + BLOCK + size);
    if (body.length < size) throw refused("It ends in the middle of a file.");
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const path = longName ?? pathOf(header);
    const kind = KINDS[String.fromCharCode(header[156] ?? 0)];
    if (kind === "long-name") longName = text(body);
    else if (kind === "pax") longName = paxPath(body) ?? longName;
    else if (kind !== "ignored") {
      longName = undefined;
      if (kind === undefined)
        throw refused(`${quoted(path)} is a link or a special file. Pack files only (tar --dereference).`);
      assertPath(path);
      const name = kind === "file" ? wanted(path) : undefined;
      if (name !== undefined && size > MAX_CONFIG_FILE) throw refused(`${quoted(path)} is larger than such a file is.`);
      if (name !== undefined) files.set(name, body.toString("utf8"));
    }
  }
  throw refused(at === 0 ? "It is empty." : "Its end is missing.");
}

function pathOf(header: Buffer): string {
  const name = text(header.subarray(0, 100));
  const isUstar = header.subarray(257, 262).toString("latin1") === "ustar";
  // GNU's own format keeps times where POSIX has the prefix: it is told by the space behind the magic.
  const prefix = isUstar && header[262] === 0 ? text(header.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

function sizeOf(header: Buffer): number {
  const field = text(header.subarray(124, 136)).trim();
  if (!/^[0-7]{1,11}$/.test(field)) throw refused("The size of one of its files cannot be read.");
  return Number.parseInt(field, 8);
}

/** The sum of the header's octets, with its own field as spaces. */
function assertChecksum(header: Buffer): void {
  const given = Number.parseInt(text(header.subarray(148, 156)).trim(), 8);
  let sum = 8 * 32;
  for (const [index, octet] of header.entries()) if (index < 148 || index >= 156) sum += octet;
  if (sum !== given) throw refused("It is no tar archive, or it is damaged.");
}

function assertPath(path: string): void {
  if (path.split("/").includes("..") || path.includes("\\") || /\p{Cc}/u.test(path))
    throw refused(`It holds the path ${quoted(path)}, which leads out of the archive.`);
}

/** `path` of a pax header: records "LENGTH KEY=VALUE\n", LENGTH in octets and with itself. */
function paxPath(body: Buffer): string | undefined {
  let path: string | undefined;
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(0x20, at);
    const length = space < 0 ? 0 : Number(body.toString("latin1", at, space));
    if (!Number.isInteger(length) || length <= 0 || at + length > body.length)
      throw refused("One of its headers is damaged.");
    const record = body.toString("utf8", space + 1, at + length - 1);
    if (record.startsWith("path=")) path = record.slice(5);
    if (record.startsWith("GNU.sparse")) throw refused("It holds a sparse file.");
    at += length;
  }
  return path;
}

/** Up to the first NUL. */
function text(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end < 0 ? bytes.length : end);
}

function quoted(path: string): string {
  return `“${path.replace(/\p{C}/gu, "·").slice(0, 100)}”`;
}

function refused(why: string): AppError {
  return new AppError("invalid-input", `The archive was not read. ${why}`);
}
