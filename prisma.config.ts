import { defineConfig } from "prisma/config";

/** Prisma's CLI: `prisma generate` for both providers (npm run generate). Migrations are applied by the server itself, see lib/db/migrate.ts. */
export default defineConfig({ schema: process.env.PRISMA_SCHEMA_DIR ?? "prisma/sqlite" });
