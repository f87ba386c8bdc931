-- What nameservers serve, swept over DNS, and how their addresses answer.
ALTER TABLE "ZoneTarget" ADD COLUMN "problem" TEXT;
ALTER TABLE "ZoneTarget" ADD COLUMN "problemSince" BIGINT;
ALTER TABLE "ZoneTarget" ADD COLUMN "contentState" TEXT;
ALTER TABLE "ZoneTarget" ADD COLUMN "contentAt" BIGINT;
ALTER TABLE "Target" ADD COLUMN "sweepZoneId" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "Target" ADD COLUMN "sweepBeganAt" BIGINT;
ALTER TABLE "Target" ADD COLUMN "sweepEndedAt" BIGINT;
ALTER TABLE "Target" ADD COLUMN "contentZoneId" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "Target" ADD COLUMN "contentBeganAt" BIGINT;
ALTER TABLE "Target" ADD COLUMN "contentEndedAt" BIGINT;
CREATE INDEX "ZoneTarget_problem_targetId_idx" ON "ZoneTarget"("problem", "targetId");
CREATE TABLE "TargetAddress" (
    "targetId" INTEGER NOT NULL,
    "address" TEXT NOT NULL,
    "port" INTEGER NOT NULL,
    "udpState" TEXT,
    "udpAt" BIGINT,
    "tcpState" TEXT,
    "tcpAt" BIGINT,
    "detail" TEXT,
    CONSTRAINT "TargetAddress_pkey" PRIMARY KEY ("targetId", "address", "port")
);
