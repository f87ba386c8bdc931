import { bootstrap } from "./bootstrap/bootstrap.mjs";

// npm run generate: the database clients of both providers, when a model changed.
await bootstrap();
