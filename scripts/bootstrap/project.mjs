import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** The folder of package.json. */
export const root = path.resolve(import.meta.dirname, "../..");

/** A set-up step that failed for a reason that the person at the keyboard can do something about: printed without a stack. */
export class SetupError extends Error {}

/** One line of progress on standard error, so that standard output stays for results. */
export function say(text) {
  process.stderr.write(`▸ ${text}\n`);
}

/**
 * Runs a program with its output on standard error.
 * @throws SetupError when it cannot be started or ends with another code than 0.
 */
export function run(command, args, { env = process.env, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", quiet ? "pipe" : 2, quiet ? "pipe" : 2] });
    let output = "";
    child.stdout?.on("data", (chunk) => (output += chunk));
    child.stderr?.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => reject(new SetupError(`${command} cannot be started: ${error.message}`)));
    child.on("exit", (code, signal) => {
      if (code === 0) resolve();
      else reject(new SetupError(`${output}${command} ${args.join(" ")} ended with ${signal ?? `code ${code}`}.`));
    });
  });
}

/** Files below `entries` (files or folders, relative to the root; missing ones count as absent), sorted. */
function* filesOf(entries) {
  for (const entry of entries) {
    const full = path.join(root, entry);
    if (!existsSync(full)) continue;
    const children = readdirSync(path.dirname(full), { withFileTypes: true }).find(
      (found) => found.name === path.basename(full),
    );
    if (!children?.isDirectory()) yield entry;
    else
      yield* filesOf(
        readdirSync(full)
          .sort()
          .map((name) => path.join(entry, name)),
      );
  }
}

/** SHA-256 over names and contents: changes when, and only when, one of the files does. */
export function fingerprint(entries, isCounted = () => true) {
  const hash = createHash("sha256").update(process.version);
  for (const file of filesOf(entries)) {
    if (!isCounted(file)) continue;
    hash.update(`\0${file}\0`).update(readFileSync(path.join(root, file)));
  }
  return hash.digest("hex");
}

/** The text of a file; empty when there is none. */
export function readOr(file, fallback = "") {
  return existsSync(file) ? readFileSync(file, "utf8") : fallback;
}
