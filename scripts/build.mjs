import { bootstrap } from "./bootstrap/bootstrap.mjs";

// npm run build: always builds, also when nothing changed.
await bootstrap({ build: "always" });
