-- The two halves of a trust, and who called from where it may not.
ALTER TABLE "Member" ADD COLUMN "kind" TEXT NOT NULL DEFAULT '';
ALTER TABLE "Member" ADD COLUMN "trustTokenId" INTEGER;
ALTER TABLE "Member" ADD COLUMN "trustDueAt" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "Member" ADD COLUMN "trustAt" BIGINT;
ALTER TABLE "Member" ADD COLUMN "trustThere" TEXT;
ALTER TABLE "Member" ADD COLUMN "trustDetail" TEXT;

ALTER TABLE "ApiToken" ADD COLUMN "memberId" INTEGER;

CREATE TABLE "RefusedCall" (
    "id" SERIAL NOT NULL,
    "userId" INTEGER NOT NULL,
    "tokenId" INTEGER NOT NULL,
    "tokenName" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "call" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "count" INTEGER NOT NULL DEFAULT 1,
    "lastAt" BIGINT NOT NULL,

    CONSTRAINT "RefusedCall_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "RefusedCall_tokenId_address_key" ON "RefusedCall"("tokenId", "address");
CREATE INDEX "RefusedCall_lastAt_idx" ON "RefusedCall"("lastAt");
