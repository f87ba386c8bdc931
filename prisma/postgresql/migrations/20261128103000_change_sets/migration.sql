-- What a person did to several zones in one act, so that it can be undone as one.
CREATE TABLE "ChangeSet" (
    "id" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "actorId" INTEGER,
    "actorName" TEXT NOT NULL,
    "work" TEXT NOT NULL DEFAULT '{}',
    "undoOf" INTEGER,
    "createdAt" BIGINT NOT NULL,
    "appliedAt" BIGINT,
    "finishedAt" BIGINT,
    "error" TEXT,
    CONSTRAINT "ChangeSet_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "ChangeSet_state_idx" ON "ChangeSet"("state");
CREATE INDEX "ChangeSet_createdAt_idx" ON "ChangeSet"("createdAt");
CREATE INDEX "ChangeSet_undoOf_idx" ON "ChangeSet"("undoOf");
CREATE TABLE "ChangeItem" (
    "id" SERIAL NOT NULL,
    "changeSetId" INTEGER NOT NULL,
    "zoneId" INTEGER NOT NULL,
    "mode" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "records" INTEGER NOT NULL DEFAULT 0,
    "message" TEXT,
    "at" BIGINT,
    CONSTRAINT "ChangeItem_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "ChangeItem_changeSetId_zoneId_key" ON "ChangeItem"("changeSetId", "zoneId");
CREATE INDEX "ChangeItem_changeSetId_state_idx" ON "ChangeItem"("changeSetId", "state");
ALTER TABLE "Revision" ADD COLUMN "changeSetId" INTEGER;
ALTER TABLE "Revision" ADD COLUMN "formerOwnerId" INTEGER;
-- Most revisions belong to none, and cost nothing here.
CREATE INDEX "Revision_changeSetId_zoneId_idx" ON "Revision"("changeSetId", "zoneId") WHERE "changeSetId" IS NOT NULL;
ALTER TABLE "SyncJob" ADD COLUMN "changeSetId" INTEGER;
