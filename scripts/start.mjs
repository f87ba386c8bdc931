import { existsSync } from "node:fs";
import path from "node:path";
import { bootstrap } from "./bootstrap/bootstrap.mjs";
import { root } from "./bootstrap/project.mjs";

// npm start: one server, in this process so that signals reach it directly.
const settings = path.join(root, ".env");
if (existsSync(settings)) process.loadEnvFile(settings);
process.env.NODE_ENV = "production";
await bootstrap({ debian: "run", build: true });
await import("../dist/server.mjs");
