import { bootstrap } from "./bootstrap/bootstrap.mjs";

// npm run build: always builds, also when nothing changed.
await bootstrap();
const { ensureBuild } = await import("./bootstrap/build.mjs");
await ensureBuild({ force: true });
