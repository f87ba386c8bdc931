import path from "node:path";
import { withLock } from "./lock.mjs";
import { readOr, root, run, say } from "./project.mjs";

/**
 * Whether node_modules holds what the lock file says. npm's own record in node_modules/.package-lock.json is compared, so that an `npm install` by
 * hand counts too; npm writes it last, so that an installation that was cut off does not.
 */
function isInstalled() {
  const record = readOr(path.join(root, "node_modules/.package-lock.json"));
  if (record === "") return false;
  const installed = JSON.parse(record).packages;
  const wanted = JSON.parse(readOr(path.join(root, "package-lock.json"))).packages;
  return Object.entries(wanted).every(([place, entry]) => {
    if (place === "") return true;
    // Packages for other platforms are in the lock file and never installed.
    if (!installed[place]) return entry.optional === true || entry.peer === true;
    return installed[place].version === entry.version;
  });
}

/** `npm ci` from the lock file when something is missing or another version. No package's scripts run: none is needed, and a download would be one. */
export async function ensureNpmPackages() {
  if (isInstalled()) return;
  await withLock("packages", async () => {
    if (isInstalled()) return;
    say("Installing npm packages from package-lock.json");
    await run("npm", ["ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund"]);
  });
}
