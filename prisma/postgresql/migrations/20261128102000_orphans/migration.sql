-- Zones that nobody owns, plans that wait for approval, and zones that are sent once more.
ALTER TABLE "ZoneTarget" ADD COLUMN "isForced" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "Member" ADD COLUMN "orphansAt" BIGINT;
ALTER TABLE "SyncJob" ADD COLUMN "request" TEXT NOT NULL DEFAULT '{}';
ALTER TABLE "SyncJob" ADD COLUMN "approval" TEXT;
ALTER TABLE "SyncJob" ADD COLUMN "approvedHash" TEXT;
ALTER TABLE "SyncJob" ADD COLUMN "approvedBy" TEXT;
ALTER TABLE "SyncJob" ADD COLUMN "approvedAt" BIGINT;
CREATE TABLE "Orphan" (
    "id" SERIAL NOT NULL,
    "memberId" INTEGER NOT NULL,
    "zone" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "firstSeenAt" BIGINT NOT NULL,
    "lastSeenAt" BIGINT NOT NULL,
    "serial" BIGINT,
    "digest" TEXT,
    "records" INTEGER,
    "keptAt" BIGINT,
    "keptBy" TEXT,
    "keptReason" TEXT,

    CONSTRAINT "Orphan_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "Orphan_memberId_zone_side_key" ON "Orphan"("memberId", "zone", "side");

CREATE INDEX "Orphan_memberId_lastSeenAt_idx" ON "Orphan"("memberId", "lastSeenAt");

CREATE INDEX "Orphan_kind_firstSeenAt_idx" ON "Orphan"("kind", "firstSeenAt");

-- Plans that were made before wait like those that are made from now on.
UPDATE "SyncJob" SET "approval" = 'waiting' WHERE "state" = 'ready' AND EXISTS (
    SELECT 1 FROM "SyncItem" i WHERE i."jobId" = "SyncJob"."id" AND i."state" = 'planned' AND i."marks" <> '[]');
