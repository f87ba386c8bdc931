/**
 * The zone files that Knot loads. A file is complete at any moment: it is written beside its place and renamed. It is not synced to the
 * disk one by one, as that would make a first sync wait for the disk ten thousand times: what the kernel took survives a crash of Knot and of
 * the panel; after a crash of the whole machine the nameserver's supervisor reports the files as doubtful, and the engine compares and sends again.
 */
import {
  chmodSync,
  closeSync,
  fchmodSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { inSlices } from "@/lib/drivers/knot/slices";
import { HASHED_FOLDER, zonePath } from "@/lib/drivers/knot/zone-path";

/** What the first line of a file of ours says of it. */
export interface ZoneLabel {
  readonly serial: number;
  /** `digestZone` of the zone. */
  readonly digest: string;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
}

export interface ZoneStore {
  /**
   * Puts a new canonical text in place.
   * @param keepOld keeps the old file aside until `settle` or `restore`. @throws Error of the file system: disk full, directory gone
   */
  write(zone: string, text: string, label: ZoneLabel, keepOld: boolean): void;
  /** Forgets the file that was kept aside. */
  settle(zone: string): void;
  /** Puts back the file that was kept aside; when there was none, the zone has no file again. */
  restore(zone: string): void;
  remove(zone: string): void;
  /**
   * To be called while Knot is not running: puts back every file that was kept aside when a crash came in between (the engine has no
   * acknowledgement for the text that replaced it), and removes half-written ones.
   * @returns the zones that have a file
   */
  recover(): Promise<string[]>;
  /** The label of a file that is there in full; `undefined` for none, half of one, or one that is not ours. */
  label(zone: string): ZoneLabel | undefined;
}

const FIRST_LINE = /^; zonefleet serial=(\d{1,10}) digest=([0-9a-f]{64}) updated=(\d{1,15}) octets=(\d{1,12})\n/;
const FIRST_LINE_OCTETS = 160;
const MAX_NAME_OCTETS = 255;

function firstLine({ serial, digest, updatedAt }: ZoneLabel, text: string): string {
  return `; zonefleet serial=${serial} digest=${digest} updated=${updatedAt} octets=${Buffer.byteLength(text)}\n`;
}

/** @param dir made by the supervisor; Knot reads it as its own user, so the files are readable for all who can reach them. */
export function createZoneStore(dir: string): ZoneStore {
  const fileOf = (zone: string) => path.join(dir, zonePath(zone).file);
  const head = Buffer.alloc(FIRST_LINE_OCTETS);
  return {
    write(zone, text, label, keepOld) {
      const file = fileOf(zone);
      if (!zonePath(zone).isTemplate) makeReadable(path.join(dir, HASHED_FOLDER));
      const fd = openSync(`${file}.new`, "w", 0o644);
      try {
        // Not left to the umask: Knot may run as another user.
        fchmodSync(fd, 0o644);
        writeFileSync(fd, firstLine(label, text) + text);
      } finally {
        closeSync(fd);
      }
      if (keepOld) keepAside(file);
      renameSync(`${file}.new`, file);
    },
    settle: (zone) => removeFile(`${fileOf(zone)}.old`),
    restore(zone) {
      const file = fileOf(zone);
      unlessMissing(
        () => renameSync(`${file}.old`, file),
        () => removeFile(file),
      );
    },
    remove: (zone) => removeFile(fileOf(zone)),
    async recover() {
      makeReadable(dir);
      makeReadable(path.join(dir, HASHED_FOLDER));
      const zones: string[] = [];
      await inSlices(filesOf(dir), (file) => {
        if (file.endsWith(".new")) unlinkSync(file);
        else if (file.endsWith(".old")) renameSync(file, file.slice(0, -".old".length));
      });
      await inSlices(filesOf(dir), (file) => {
        const zone = zoneOfFile(file);
        if (zone !== undefined && fileOf(zone) === file) zones.push(zone);
      });
      return zones;
    },
    label(zone) {
      return unlessMissing(
        () => readLabel(fileOf(zone), head),
        () => undefined,
      );
    },
  };
}

/** Not left to the umask: Knot may run as another user. The directory above keeps everyone else out. */
function makeReadable(dir: string): void {
  mkdirSync(dir, { recursive: true });
  chmodSync(dir, 0o755);
}

function* filesOf(dir: string): Generator<string> {
  for (const folder of [dir, path.join(dir, HASHED_FOLDER)]) {
    for (const name of readdirSync(folder)) if (name !== HASHED_FOLDER) yield path.join(folder, name);
  }
}

/** The zone that a file of ours holds; `undefined` for other files. A hashed name is told by the first record, which is the SOA. */
function zoneOfFile(file: string): string | undefined {
  if (!file.endsWith(".zone")) return undefined;
  if (path.basename(path.dirname(file)) !== HASHED_FOLDER) return path.basename(file).slice(0, -"zone".length);
  const head = Buffer.alloc(FIRST_LINE_OCTETS + 4 * MAX_NAME_OCTETS);
  const fd = openSync(file, "r");
  try {
    return /^[^\n]*\n(\S+) /.exec(head.toString("latin1", 0, readSync(fd, head, 0, head.length, 0)))?.[1];
  } finally {
    closeSync(fd);
  }
}

/** A file that is kept aside already stays: it is the last one that Knot took, and the one in its place was never judged. */
function keepAside(file: string): void {
  try {
    linkSync(file, `${file}.old`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST" && code !== "ENOENT") throw error;
  }
}

function removeFile(file: string): void {
  unlessMissing(
    () => unlinkSync(file),
    () => undefined,
  );
}

function readLabel(file: string, head: Buffer): ZoneLabel | undefined {
  const fd = openSync(file, "r");
  try {
    const match = FIRST_LINE.exec(head.toString("latin1", 0, readSync(fd, head, 0, head.length, 0)));
    if (!match) return undefined;
    const [line, serial, digest = "", updatedAt, octets] = match;
    if (fstatSync(fd).size !== line.length + Number(octets)) return undefined;
    return { serial: Number(serial), digest, updatedAt: Number(updatedAt) };
  } finally {
    closeSync(fd);
  }
}

function unlessMissing<T>(work: () => T, otherwise: () => T): T {
  try {
    return work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return otherwise();
    throw error;
  }
}
