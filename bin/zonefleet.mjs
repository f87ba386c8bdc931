#!/usr/bin/env node
import { existsSync } from "node:fs";

// The command line of a built server; see lib/cli.
const bundle = new URL("../dist/zonefleet.mjs", import.meta.url);
if (!existsSync(bundle)) {
  process.stderr.write("This installation is not built yet. Run “npm run build” first.\n");
  process.exit(1);
}
await import(bundle.href);
