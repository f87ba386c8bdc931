import { bootstrap } from "./bootstrap/bootstrap.mjs";
import { runTypescript } from "./run-typescript.mjs";

// npm run bench [-- --quick]
await bootstrap({ debian: "run", build: true });
await runTypescript("./bench/main.ts");
