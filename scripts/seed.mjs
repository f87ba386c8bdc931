import { bootstrap } from "./bootstrap/bootstrap.mjs";
import { runTypescript } from "./run-typescript.mjs";

// npm run seed -- COUNT: fills the server of .env (default ./data) with generated zones.
await bootstrap();
await runTypescript("./seed/main.ts");
