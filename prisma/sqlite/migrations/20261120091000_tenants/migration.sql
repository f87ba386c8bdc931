-- Resellers: privileges, limits, clusters of their own, and zones that change hands.
ALTER TABLE "User" ADD COLUMN "acls" TEXT NOT NULL DEFAULT '["list-zones","create-dns","edit-dns","kill-dns","manage-api-tokens"]';
ALTER TABLE "User" ADD COLUMN "zoneLimit" INTEGER;
ALTER TABLE "User" ADD COLUMN "memberLimit" INTEGER;
ALTER TABLE "User" ADD COLUMN "uniqueCluster" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "Zone" ADD COLUMN "ownedSinceSeq" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "Target" ADD COLUMN "reach" TEXT NOT NULL DEFAULT '';
ALTER TABLE "ZoneTarget" ADD COLUMN "isWithdrawn" BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX "Zone_ownerId_changeSeq_idx" ON "Zone"("ownerId", "changeSeq");
