import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { withLock } from "./lock.mjs";
import { fingerprint, readOr, root, run, say } from "./project.mjs";

const SOURCES = [
  "app",
  "components",
  "lib",
  "public",
  "prisma/models",
  "next.config.js",
  "postcss.config.mjs",
  "tsconfig.json",
  "package.json",
  "package-lock.json",
  "scripts/bootstrap/build-server.mjs",
];
const stamp = path.join(root, "dist/.stamp");

function isSource(file) {
  return !/\.test\.tsx?$/.test(file) && !file.startsWith(path.join("public", "screenshots"));
}

/**
 * Builds pages (.next) and server (dist) when a source changed since the last build, or always with `force`. Two processes that want it at once, such
 * as the demo and the tests, do it once.
 */
export async function ensureBuild({ force = false } = {}) {
  if (!force && readOr(stamp) === fingerprint(SOURCES, isSource)) return;
  await withLock("build", async () => {
    const wanted = fingerprint(SOURCES, isSource);
    if (!force && readOr(stamp) === wanted) return;
    const started = performance.now();
    say("Building pages and server (about a minute)");
    rmSync(stamp, { force: true });
    const { buildServer } = await import("./build-server.mjs");
    await buildServer();
    await run(process.execPath, ["node_modules/next/dist/bin/next", "build"], {
      env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
      quiet: true,
    });
    mkdirSync(path.dirname(stamp), { recursive: true });
    writeFileSync(stamp, wanted);
    say(`Built in ${Math.round((performance.now() - started) / 1000)} s`);
  });
}

/** Says which sources the build at hand was made from; empty when there is none. */
export function buildFingerprint() {
  return readOr(stamp);
}
