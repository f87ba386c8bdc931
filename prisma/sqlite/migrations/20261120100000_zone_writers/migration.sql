-- Which servers write a zone, and where two of them do.
CREATE TABLE "Writer" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL
);
CREATE UNIQUE INDEX "Writer_key_key" ON "Writer"("key");
ALTER TABLE "Revision" ADD COLUMN "writerId" INTEGER;
ALTER TABLE "Zone" ADD COLUMN "contestedAt" BIGINT;
ALTER TABLE "Zone" ADD COLUMN "contestedById" INTEGER;
ALTER TABLE "Zone" ADD COLUMN "contestedOverId" INTEGER;
CREATE INDEX "Zone_deletedAt_contestedAt_idx" ON "Zone"("deletedAt", "contestedAt");
