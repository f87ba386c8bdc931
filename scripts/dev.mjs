import { existsSync } from "node:fs";
import path from "node:path";
import { bootstrap } from "./bootstrap/bootstrap.mjs";
import { root } from "./bootstrap/project.mjs";

// npm run dev: one server whose pages are compiled as they are asked for. What is under lib/engine, lib/nameserver and lib/server needs a restart.
const settings = path.join(root, ".env");
if (existsSync(settings)) process.loadEnvFile(settings);
process.env.NODE_ENV = "development";
await bootstrap({ debian: "run" });
const { buildServer } = await import("./bootstrap/build-server.mjs");
await buildServer();
process.argv.push("--dev");
await import("../dist/server.mjs");
