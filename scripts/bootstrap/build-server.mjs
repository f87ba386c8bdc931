import path from "node:path";
import { build } from "esbuild";
import { root, SetupError } from "./project.mjs";

/**
 * Bundles lib/server/main.ts into dist/server.mjs, and the command line into dist/zonefleet.mjs: Node 20 does not run TypeScript. Packages stay outside, so
 * that Next's pages and the server share one copy of each.
 */
export async function buildServer() {
  const { metafile } = await build({
    entryPoints: { server: path.join(root, "lib/server/main.ts"), zonefleet: path.join(root, "lib/cli/main.ts") },
    outdir: path.join(root, "dist"),
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    sourcemap: true,
    tsconfig: path.join(root, "tsconfig.json"),
    logLevel: "warning",
    metafile: true,
    banner: { js: 'process.env.NODE_ENV ??= "production";' },
  });
  // A module of ours that is missing looks like a package to esbuild, which leaves packages outside.
  const missing = Object.values(metafile.outputs).flatMap(({ imports }) =>
    imports.filter(({ path }) => path.startsWith("@/")),
  );
  if (missing.length > 0)
    throw new SetupError(`The server names modules that are not there: ${missing.map(({ path }) => path).join(", ")}`);
}
