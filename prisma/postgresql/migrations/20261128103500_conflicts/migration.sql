-- Both sides changed a zone: which copy won, and the one that lost.
CREATE TABLE "Conflict" (
    "id" SERIAL NOT NULL,
    "zoneId" INTEGER NOT NULL,
    "at" BIGINT NOT NULL,
    "wonSeq" BIGINT NOT NULL,
    "lostSeq" BIGINT,
    "lostText" TEXT NOT NULL DEFAULT '',
    "lostSerial" BIGINT NOT NULL,
    "lostDigest" TEXT NOT NULL,
    "writerId" INTEGER,
    "memberId" INTEGER,
    "isOursLost" BOOLEAN NOT NULL,
    "settledAt" BIGINT,
    "settledAs" TEXT,
    "settledBy" TEXT,
    CONSTRAINT "Conflict_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "Conflict_zoneId_idx" ON "Conflict"("zoneId");
CREATE INDEX "Conflict_settledAt_at_idx" ON "Conflict"("settledAt", "at");
CREATE INDEX "Conflict_lostSeq_idx" ON "Conflict"("lostSeq");
