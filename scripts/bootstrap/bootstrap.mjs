import { SetupError } from "./project.mjs";

/**
 * Makes a fresh checkout ready on a machine with Node and npm: whatever is missing or stale is installed, generated or built; nothing is done twice.
 * Needs no npm package itself. Ends the process with a plain message when something is left for a person to do.
 * @param needs `debian`: packages for "run" or "test"; `build`: pages and server, "always" also when no source changed.
 */
export async function bootstrap({ debian, build = false } = {}) {
  try {
    checkNode();
    const { ensureNpmPackages } = await import("./npm-packages.mjs");
    await ensureNpmPackages();
    if (debian) await (await import("./debian-packages.mjs")).ensureDebianPackages(debian);
    await (await import("./prisma-clients.mjs")).ensurePrismaClients();
    if (build) await (await import("./build.mjs")).ensureBuild({ force: build === "always" });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exit(1);
  }
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new SetupError(`Node ${process.versions.node} is too old. Zonefleet needs Node 20.19 or newer.`);
}
