import { bootstrap } from "./bootstrap/bootstrap.mjs";
import { demoFlags } from "./demo/flags.mjs";
import { runTypescript } from "./run-typescript.mjs";

// npm run demo [-- --structure direct | intermediary | multiple] [--detach | --stop | --reset]
const { flags, problem } = demoFlags(process.argv.slice(2));
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exit(2);
}
await bootstrap(flags.stop ? {} : { debian: "run", build: true });
await runTypescript("./demo/main.ts");
