import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import path from "node:path";

/** A filesystem of its own, in memory, that can be filled up. */
export interface SmallDisk {
  /** Leaves no octet free. */
  fill(): void;
  free(): void;
  unmount(): void;
}

const MEBIBYTE = 1_048_576;

/** @returns null where this user may not mount anything */
export function mountSmallDisk(folder: string, mebibytes: number): SmallDisk | null {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const options = `size=${mebibytes}m,mode=0700`;
  if (spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]).status !== 0) return null;
  const filler = path.join(folder, "filler");
  return {
    fill() {
      const file = openSync(filler, "a");
      for (let size = MEBIBYTE; size >= 1; ) {
        try {
          writeSync(file, Buffer.alloc(size));
        } catch (error) {
          if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
          size >>= 1;
        }
      }
      closeSync(file);
    },
    free: () => rmSync(filler, { force: true }),
    unmount: () => void spawnSync("umount", ["-l", folder]),
  };
}
