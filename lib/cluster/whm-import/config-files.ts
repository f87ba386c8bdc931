import { constants } from "node:fs";
import { open, readdir } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { AppError } from "@/lib/errors";
import { MAX_CONFIG_FILE, readTarFiles } from "./tar-files";

const decompress = promisify(gunzip);

/** Where the configuration comes from: an uploaded archive, or a folder of this server that holds `var` and `etc` (`/` on a WHM server itself). */
export type ConfigSource = { readonly archive: Uint8Array } | { readonly directory: string };

/** Octets of an uploaded archive, and unpacked. */
export const MAX_ARCHIVE = 16 * 1_048_576;
const MAX_UNPACKED = 64 * 1_048_576;
const MAX_NAMES = 5_000;

/** What is read, by the end of its path: an archive may be packed from any folder above. */
const WANTED =
  /(?:^|\/)(useclusteringdns|cpanel\.config|cluster\/[^/]+\/config\/[^/]+|clusterqueue\/status\/[^/]+|ips\.remotedns)$/;

/**
 * The files of a WHM server's cluster configuration, by the end of their paths (`cluster/root/config/192.0.2.1`). Nothing is written anywhere.
 * @throws AppError "invalid-input" that says what is wrong with the source
 */
export async function readConfigFiles(source: ConfigSource): Promise<ReadonlyMap<string, string>> {
  const files =
    "archive" in source ? await readArchive(Buffer.from(source.archive)) : await readDirectory(source.directory);
  if (files.size > 0) return files;
  throw new AppError(
    "invalid-input",
    "There is no cluster configuration of a WHM server in it: /var/cpanel/cluster, /var/cpanel/useclusteringdns, /etc/ips.remotedns …",
  );
}

async function readArchive(packed: Buffer): Promise<Map<string, string>> {
  if (packed.length > MAX_ARCHIVE)
    throw new AppError("invalid-input", "The archive is larger than 16 MiB. Pack the cluster configuration only.");
  const isGzip = packed[0] === 0x1f && packed[1] === 0x8b;
  const archive = isGzip ? await unpack(packed) : packed;
  return readTarFiles(archive, (name) => WANTED.exec(name)?.[1]);
}

async function unpack(packed: Buffer): Promise<Buffer> {
  try {
    return await decompress(packed, { maxOutputLength: MAX_UNPACKED });
  } catch (error) {
    const why = error instanceof RangeError ? "It unpacks to more than 64 MiB." : "Its compression is damaged.";
    throw new AppError("invalid-input", `The archive was not read. ${why}`, { cause: error });
  }
}

async function readDirectory(directory: string): Promise<Map<string, string>> {
  if (!path.isAbsolute(directory))
    throw new AppError("invalid-input", "Give the folder's whole path, such as / or /root/old-server.");
  const files = new Map<string, string>();
  const take = async (name: string, ...folders: string[]) => {
    const text = await readSmallFile(path.join(directory, ...folders, name));
    if (text !== undefined) files.set(name, text);
  };
  for (const name of ["useclusteringdns", "cpanel.config"]) await take(name, "var/cpanel");
  await take("ips.remotedns", "etc");
  for (const name of await namesIn(path.join(directory, "var/cpanel/clusterqueue/status")))
    await take(`clusterqueue/status/${name}`, "var/cpanel");
  for (const user of await namesIn(path.join(directory, "var/cpanel/cluster")))
    for (const node of await namesIn(path.join(directory, "var/cpanel/cluster", user, "config")))
      await take(`cluster/${user}/config/${node}`, "var/cpanel");
  return files;
}

async function namesIn(folder: string): Promise<string[]> {
  const names = (await orAbsent(folder, readdir(folder))) ?? [];
  if (names.length > MAX_NAMES) throw new AppError("invalid-input", `${folder} holds more than ${MAX_NAMES} files.`);
  return names.sort();
}

/** undefined for what is no regular file: a link may lead to anything that this server can read. */
async function readSmallFile(file: string): Promise<string | undefined> {
  const handle = await orAbsent(file, open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK));
  if (!handle) return undefined;
  try {
    const about = await handle.stat();
    if (!about.isFile()) return undefined;
    if (about.size > MAX_CONFIG_FILE) throw new AppError("invalid-input", `${file} is larger than such a file is.`);
    return await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}

/** What is not there, or is a link, is left out; what this server may not read is said. */
async function orAbsent<T>(name: string, reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (["ENOENT", "ENOTDIR", "ELOOP"].includes(code)) return undefined;
    if (code !== "EACCES" && code !== "EPERM") throw error;
    const message = `This server's user may not read ${name}. Upload an archive of the files instead.`;
    throw new AppError("invalid-input", message, { cause: error });
  }
}
