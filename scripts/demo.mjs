import { bootstrap } from "./bootstrap/bootstrap.mjs";
import { runTypescript } from "./run-typescript.mjs";

// npm run demo [-- --detach | --stop | --reset]
const isStop = process.argv.includes("--stop");
await bootstrap(isStop ? {} : { debian: "run", build: true });
await runTypescript("./demo/main.ts");
