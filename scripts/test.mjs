import { bootstrap } from "./bootstrap/bootstrap.mjs";
import { runTypescript } from "./run-typescript.mjs";

// npm test [stage [arguments]]: everything, or one of the stages of scripts/test/stages.ts.
await bootstrap({ debian: "test" });
await runTypescript("./test/run.ts");
