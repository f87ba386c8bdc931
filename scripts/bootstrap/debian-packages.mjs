import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { withLock } from "./lock.mjs";
import { run, SetupError, say } from "./project.mjs";

const SEARCH = [...new Set([...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/usr/bin", "/sbin", "/bin"])].filter(
  Boolean,
);

function hasProgram(name) {
  return SEARCH.some((folder) => {
    try {
      accessSync(path.join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const program = (name) => () => hasProgram(name);

/** Debian package → whether what we need of it is there, however it came to be there. */
const RUN = {
  knot: program("knotd"),
  "knot-dnsutils": program("kdig"),
  "bind9-dnsutils": program("dig"),
};
const TEST = {
  ...RUN,
  "knot-dnssecutils": program("kzonecheck"),
  "bind9-utils": program("named-compilezone"),
  bind9: program("named"),
  ldnsutils: program("ldns-read-zone"),
  openssl: program("openssl"),
  // A library, used by Debian's own Python.
  "python3-libcloud": () => existsSync("/usr/lib/python3/dist-packages/libcloud"),
  // Chromium without windows; a whole one does as well, at a fifth more time.
  "chromium-headless-shell": () =>
    ["chromium-headless-shell", "chromium", "google-chrome"].some(hasProgram) || hasPlaywrightBrowser(),
  "fonts-liberation": () => existsSync("/usr/share/fonts/truetype"),
  postgresql: () => existsSync("/usr/lib/postgresql") && readdirSync("/usr/lib/postgresql").length > 0,
};

function hasPlaywrightBrowser() {
  const folder = process.env.PLAYWRIGHT_BROWSERS_PATH ?? path.join(process.env.HOME ?? "/", ".cache/ms-playwright");
  return existsSync(folder) && readdirSync(folder).some((name) => name.startsWith("chromium-"));
}

/**
 * Installs what is missing through apt, as root or with a sudo that asks nothing, without starting any service.
 * @param purpose "run" for servers, "test" for the whole suite.
 * @throws SetupError with the line to run when this user may not install packages.
 */
export async function ensureDebianPackages(purpose) {
  if (missingPackages(purpose).length > 0) await withLock("debian", () => install(missingPackages(purpose)));
}

function missingPackages(purpose) {
  return Object.entries(purpose === "test" ? TEST : RUN)
    .filter(([, isThere]) => !isThere())
    .map(([name]) => name);
}

async function install(missing) {
  if (missing.length === 0) return;
  const script = "scripts/bootstrap/install-debian-packages.sh";
  if (!hasProgram("apt-get"))
    throw new SetupError(`These Debian packages, or what your system calls them, are missing: ${missing.join(" ")}`);
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status !== 0)
    throw new SetupError(
      `Debian packages are missing, and this user may not install them without a password. Run this, then try again:\n\n  sudo sh ${script} ${missing.join(" ")}\n`,
    );
  say(`Installing Debian packages: ${missing.join(" ")}`);
  await run(isRoot ? "sh" : "sudo", [...(isRoot ? [] : ["-n", "sh"]), script, ...missing]);
}
