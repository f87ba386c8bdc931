-- What the zone list searches in: owner names and rdata of each zone, by substrings of three characters and more.
-- Filled by the engine behind the change sequence. pg_trgm is a trusted extension: the database's owner may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE "ZoneSearch" ("rowid" INTEGER NOT NULL PRIMARY KEY, "text" TEXT NOT NULL);
CREATE INDEX "ZoneSearch_text_idx" ON "ZoneSearch" USING gin ("text" gin_trgm_ops);
