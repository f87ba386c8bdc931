import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fingerprint, readOr, root, run, say } from "./project.mjs";

const PROVIDERS = ["sqlite", "postgresql"];
const stamp = path.join(root, "prisma/generated/.stamp");

/** Generates the two database clients from the one set of models when a model or Prisma changed. */
export async function ensurePrismaClients() {
  const wanted = fingerprint([
    "prisma/models",
    ...PROVIDERS.map((provider) => `prisma/${provider}/schema.prisma`),
    "prisma.config.ts",
    "node_modules/prisma/package.json",
  ]);
  if (readOr(stamp) === wanted) return;
  say("Generating database clients");
  rmSync(stamp, { force: true });
  // Prisma looks for a native schema engine to download, also for `generate`, which does not use it. Any program that exists stops that.
  const env = {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true",
    CHECKPOINT_DISABLE: "1",
    PRISMA_HIDE_UPDATE_MESSAGE: "1",
  };
  for (const provider of PROVIDERS)
    await run(process.execPath, ["node_modules/prisma/build/index.js", "generate"], {
      env: { ...env, PRISMA_SCHEMA_DIR: `prisma/${provider}` },
      quiet: true,
    });
  writeFileSync(stamp, wanted);
}
