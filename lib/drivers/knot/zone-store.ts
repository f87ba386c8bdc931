/**
 * The zone files that Knot loads. A file is complete at any moment: it is written beside its place and renamed. It is not synced to the
 * disk one by one, as that would make a first sync wait for the disk ten thousand times: what the kernel took survives a crash of Knot and of
 * the panel; after a crash of the whole machine the nameserver's supervisor reports the files as doubtful, and the engine compares and sends again.
 *
 * Nothing here blocks the event loop: on a busy disk a single rename can take a tenth of a second.
 */
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { inParallel } from "@/lib/drivers/knot/in-parallel";
import { HASHED_FOLDER, zonePath } from "@/lib/drivers/knot/zone-path";

/** What the first line of a file of ours says of it. */
export interface ZoneLabel {
  readonly serial: number;
  /** `digestZone` of the zone. */
  readonly digest: string;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
}

/** Every method throws the error of the file system: disk full, directory gone. One zone is worked on by one caller at a time. */
export interface ZoneStore {
  /**
   * Puts a new canonical text in place.
   * @param keepOld keeps the old file aside until `settle` or `restore`
   */
  write(zone: string, text: string, label: ZoneLabel, keepOld: boolean): Promise<void>;
  /** Forgets the file that was kept aside. */
  settle(zone: string): Promise<void>;
  /** Puts back the file that was kept aside; when there was none, the zone has no file again. */
  restore(zone: string): Promise<void>;
  remove(zone: string): Promise<void>;
  /**
   * To be called while Knot is not running: puts back every file that was kept aside when a crash came in between (the engine has no
   * acknowledgement for the text that replaced it), and removes half-written ones.
   * @returns the zones that have a file
   */
  recover(): Promise<string[]>;
  /** The label of a file that is there in full; `undefined` for none, half of one, or one that is not ours. */
  label(zone: string): Promise<ZoneLabel | undefined>;
}

/** Half the cost of `node:fs/promises`, whose file handles are objects to be collected. */
const chmod = promisify(fs.chmod);
const close = promisify(fs.close);
const fchmod = promisify(fs.fchmod);
const fstat = promisify(fs.fstat);
const link = promisify(fs.link);
const mkdir = promisify(fs.mkdir);
const open = promisify(fs.open);
const read = promisify(fs.read);
const readdir = promisify(fs.readdir);
const rename = promisify(fs.rename);
const unlink = promisify(fs.unlink);
const writeFile = promisify(fs.writeFile);

const FIRST_LINE = /^; zonefleet serial=(\d{1,10}) digest=([0-9a-f]{64}) updated=(\d{1,15}) octets=(\d{1,12})\n/;
const FIRST_LINE_OCTETS = 160;
const MAX_NAME_OCTETS = 255;

/** @param dir made by `recover`; Knot reads it as its own user, so the files are readable for all who can reach them. */
export function createZoneStore(dir: string): ZoneStore {
  const fileOf = (zone: string) => path.join(dir, zonePath(zone).file);
  return {
    async write(zone, text, label, keepOld) {
      const file = fileOf(zone);
      await writeReadable(`${file}.new`, firstLine(label, text) + text);
      if (keepOld) await keepAside(file);
      await rename(`${file}.new`, file);
    },
    settle: (zone) => removeFile(`${fileOf(zone)}.old`),
    restore(zone) {
      const file = fileOf(zone);
      return unlessMissing(rename(`${file}.old`, file), () => removeFile(file));
    },
    remove: (zone) => removeFile(fileOf(zone)),
    async recover() {
      await makeReadable(dir);
      await makeReadable(path.join(dir, HASHED_FOLDER));
      await inParallel(await filesOf(dir), async (file) => {
        if (file.endsWith(".new")) await unlink(file);
        else if (file.endsWith(".old")) await rename(file, file.slice(0, -".old".length));
      });
      const zones: string[] = [];
      await inParallel(await filesOf(dir), async (file) => {
        const zone = await zoneOfFile(file);
        if (zone !== undefined && fileOf(zone) === file) zones.push(zone);
      });
      return zones;
    },
    label: (zone) => unlessMissing(readLabel(fileOf(zone)), async () => undefined),
  };
}

function firstLine({ serial, digest, updatedAt }: ZoneLabel, text: string): string {
  return `; zonefleet serial=${serial} digest=${digest} updated=${updatedAt} octets=${Buffer.byteLength(text)}\n`;
}

/** Knot may run as another user. The directory above keeps everyone else out. */
const READABLE = 0o644;

/** Whatever the umask leaves of the mode: it is changed only where it must be, as each call to the file system takes a good part of what a zone takes. */
async function writeReadable(file: string, content: string): Promise<void> {
  await withFile(file, "w", async (fd) => {
    if ((process.umask() & READABLE) !== 0) await fchmod(fd, READABLE);
    await writeFile(fd, content);
  });
}

async function makeReadable(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  await chmod(dir, 0o755);
}

async function withFile<T>(file: string, flags: "r" | "w", work: (fd: number) => Promise<T>): Promise<T> {
  const fd = await open(file, flags, READABLE);
  try {
    return await work(fd);
  } finally {
    await close(fd);
  }
}

/** A file that is kept aside already stays: it is the last one that Knot took, and the one in its place was never judged. */
async function keepAside(file: string): Promise<void> {
  await link(file, `${file}.old`).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST" && error.code !== "ENOENT") throw error;
  });
}

function removeFile(file: string): Promise<void> {
  return unlessMissing(unlink(file), async () => {});
}

async function filesOf(dir: string): Promise<string[]> {
  const folders = [dir, path.join(dir, HASHED_FOLDER)];
  const files = folders.map(async (folder) => (await readdir(folder)).map((name) => path.join(folder, name)));
  return (await Promise.all(files)).flat();
}

/** The zone that a file of ours holds; `undefined` for other files. A hashed name is told by the first record, which is the SOA. */
async function zoneOfFile(file: string): Promise<string | undefined> {
  if (!file.endsWith(".zone")) return undefined;
  if (path.basename(path.dirname(file)) !== HASHED_FOLDER) return path.basename(file).slice(0, -"zone".length);
  const head = await withFile(file, "r", (fd) => readHead(fd, FIRST_LINE_OCTETS + 4 * MAX_NAME_OCTETS));
  return /^[^\n]*\n(\S+) /.exec(head)?.[1];
}

function readLabel(file: string): Promise<ZoneLabel | undefined> {
  return withFile(file, "r", async (fd) => {
    const match = FIRST_LINE.exec(await readHead(fd, FIRST_LINE_OCTETS));
    if (!match) return undefined;
    const [line, serial, digest = "", updatedAt, octets] = match;
    if ((await fstat(fd)).size !== line.length + Number(octets)) return undefined;
    return { serial: Number(serial), digest, updatedAt: Number(updatedAt) };
  });
}

async function readHead(fd: number, octets: number): Promise<string> {
  const { buffer, bytesRead } = await read(fd, Buffer.alloc(octets), 0, octets, 0);
  return buffer.toString("latin1", 0, bytesRead);
}

async function unlessMissing<T>(work: Promise<T>, otherwise: () => Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return otherwise();
    throw error;
  }
}
