-- Rounds over what nameservers serve: walked by target, hurried where somebody asks, and what is compared out of turn.
ALTER TABLE "Target" ADD COLUMN "isSweepHurried" BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX "ZoneTarget_targetId_zoneId_idx" ON "ZoneTarget"("targetId", "zoneId");
CREATE TABLE "ContentCheck" (
    "zoneId" INTEGER NOT NULL,
    "targetId" INTEGER NOT NULL,
    "dueAt" BIGINT NOT NULL,
    PRIMARY KEY ("zoneId", "targetId")
);
CREATE INDEX "ContentCheck_dueAt_idx" ON "ContentCheck"("dueAt");
