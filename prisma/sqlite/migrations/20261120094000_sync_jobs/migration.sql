-- Synchronize DNS Records: plans, and what became of each of their steps.
CREATE TABLE "SyncJob" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "choice" TEXT NOT NULL,
    "zone" TEXT,
    "memberId" INTEGER,
    "addMissing" BOOLEAN NOT NULL DEFAULT false,
    "state" TEXT NOT NULL,
    "planHash" TEXT,
    "compared" INTEGER NOT NULL DEFAULT 0,
    "members" TEXT NOT NULL DEFAULT '[]',
    "actorId" INTEGER,
    "actorName" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "plannedAt" BIGINT,
    "finishedAt" BIGINT,
    "error" TEXT
);

CREATE TABLE "SyncItem" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "jobId" INTEGER NOT NULL,
    "zone" TEXT NOT NULL,
    "memberId" INTEGER NOT NULL,
    "action" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "there" TEXT,
    "wanted" TEXT,
    "hereSeq" BIGINT NOT NULL,
    "records" INTEGER NOT NULL,
    "marks" TEXT NOT NULL DEFAULT '[]',
    "diff" TEXT,
    "state" TEXT NOT NULL,
    "sentSeq" BIGINT,
    "message" TEXT,
    "at" BIGINT
);

CREATE INDEX "SyncJob_state_idx" ON "SyncJob"("state");

CREATE INDEX "SyncItem_jobId_state_idx" ON "SyncItem"("jobId", "state");

CREATE INDEX "SyncItem_jobId_zone_idx" ON "SyncItem"("jobId", "zone");
