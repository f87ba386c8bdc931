-- CreateTable
CREATE TABLE "Member" (
    "id" SERIAL NOT NULL,
    "ownerId" INTEGER NOT NULL,
    "hostname" TEXT NOT NULL,
    "port" INTEGER NOT NULL DEFAULT 2087,
    "address" TEXT NOT NULL,
    "username" TEXT NOT NULL,
    "backend" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "debug" BOOLEAN NOT NULL DEFAULT false,
    "sealedCredential" TEXT NOT NULL,
    "pin" TEXT,
    "software" TEXT NOT NULL DEFAULT '',
    "version" TEXT NOT NULL DEFAULT '',
    "remoteHostname" TEXT NOT NULL DEFAULT '',
    "serverId" TEXT,
    "dnsAddresses" TEXT NOT NULL DEFAULT '[]',
    "failures" INTEGER NOT NULL DEFAULT 0,
    "lastAnswerAt" BIGINT,
    "lastErrorAt" BIGINT,
    "lastErrorKind" TEXT,
    "lastError" TEXT,
    "lastPullAt" BIGINT,
    "createdAt" BIGINT NOT NULL,

    CONSTRAINT "Member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Target" (
    "id" SERIAL NOT NULL,
    "memberId" INTEGER,
    "floorSeq" BIGINT NOT NULL DEFAULT 0,
    "backlogSeq" BIGINT NOT NULL DEFAULT 0,
    "seenSeq" BIGINT NOT NULL DEFAULT 0,
    "retryAt" BIGINT NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "errorKind" TEXT,
    "error" TEXT,
    "errorAt" BIGINT,
    "needsCompare" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" BIGINT NOT NULL,

    CONSTRAINT "Target_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ZoneTarget" (
    "zoneId" INTEGER NOT NULL,
    "targetId" INTEGER NOT NULL,
    "ackSeq" BIGINT NOT NULL DEFAULT 0,
    "ackSerial" BIGINT,
    "ackDigest" TEXT,
    "ackAt" BIGINT,
    "notes" TEXT,
    "observedSerial" BIGINT,
    "observedState" TEXT,
    "observedDetail" TEXT,
    "observedAt" BIGINT,
    "verifySeq" BIGINT,
    "verifyAt" BIGINT,
    "verifyAttempts" INTEGER NOT NULL DEFAULT 0,
    "failedSeq" BIGINT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "retryAt" BIGINT,
    "errorKind" TEXT,
    "error" TEXT,

    CONSTRAINT "ZoneTarget_pkey" PRIMARY KEY ("zoneId","targetId")
);

-- CreateTable
CREATE TABLE "Delivery" (
    "seq" BIGINT NOT NULL,
    "targetId" INTEGER NOT NULL,
    "acceptedAt" BIGINT NOT NULL,
    "servedAt" BIGINT,

    CONSTRAINT "Delivery_pkey" PRIMARY KEY ("seq","targetId")
);

-- CreateTable
CREATE TABLE "User" (
    "id" SERIAL NOT NULL,
    "username" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "email" TEXT,
    "sessionEpoch" INTEGER NOT NULL DEFAULT 1,
    "suspendedAt" BIGINT,
    "createdAt" BIGINT NOT NULL,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SignInFailure" (
    "id" SERIAL NOT NULL,
    "key" TEXT NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "SignInFailure_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ApiToken" (
    "id" SERIAL NOT NULL,
    "userId" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "acls" TEXT NOT NULL,
    "allowedIps" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "expiresAt" BIGINT,
    "lastUsedAt" BIGINT,
    "lastUsedIp" TEXT,

    CONSTRAINT "ApiToken_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuditEvent" (
    "id" SERIAL NOT NULL,
    "at" BIGINT NOT NULL,
    "actorId" INTEGER,
    "actorName" TEXT NOT NULL,
    "address" TEXT,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "detail" TEXT NOT NULL,

    CONSTRAINT "AuditEvent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Setting" (
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "Setting_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "Lease" (
    "name" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "until" BIGINT NOT NULL,

    CONSTRAINT "Lease_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "SeenCommand" (
    "id" TEXT NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "SeenCommand_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ChangeSequence" (
    "id" INTEGER NOT NULL,
    "value" BIGINT NOT NULL,

    CONSTRAINT "ChangeSequence_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Zone" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "ownerId" INTEGER NOT NULL,
    "changeSeq" BIGINT NOT NULL,
    "serial" BIGINT NOT NULL,
    "digest" TEXT NOT NULL,
    "recordCount" INTEGER NOT NULL,
    "updatedAt" BIGINT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "deletedAt" BIGINT,
    "purgedAt" BIGINT,
    "originMemberId" INTEGER,

    CONSTRAINT "Zone_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Revision" (
    "seq" BIGINT NOT NULL,
    "zoneId" INTEGER NOT NULL,
    "serial" BIGINT NOT NULL,
    "digest" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "recordCount" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "actorId" INTEGER,
    "actorName" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "originMemberId" INTEGER,
    "createdAt" BIGINT NOT NULL,

    CONSTRAINT "Revision_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "ZoneTemplate" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "isDefault" BOOLEAN NOT NULL DEFAULT false,
    "updatedAt" BIGINT NOT NULL,

    CONSTRAINT "ZoneTemplate_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Member_ownerId_hostname_key" ON "Member"("ownerId", "hostname");

-- CreateIndex
CREATE UNIQUE INDEX "Target_memberId_key" ON "Target"("memberId");

-- CreateIndex
CREATE INDEX "ZoneTarget_targetId_retryAt_idx" ON "ZoneTarget"("targetId", "retryAt");

-- CreateIndex
CREATE INDEX "ZoneTarget_targetId_verifyAt_idx" ON "ZoneTarget"("targetId", "verifyAt");

-- CreateIndex
CREATE UNIQUE INDEX "User_username_key" ON "User"("username");

-- CreateIndex
CREATE INDEX "SignInFailure_key_at_idx" ON "SignInFailure"("key", "at");

-- CreateIndex
CREATE UNIQUE INDEX "ApiToken_prefix_key" ON "ApiToken"("prefix");

-- CreateIndex
CREATE UNIQUE INDEX "ApiToken_userId_name_key" ON "ApiToken"("userId", "name");

-- CreateIndex
CREATE INDEX "AuditEvent_at_idx" ON "AuditEvent"("at");

-- CreateIndex
CREATE INDEX "SeenCommand_at_idx" ON "SeenCommand"("at");

-- CreateIndex
CREATE UNIQUE INDEX "Zone_name_key" ON "Zone"("name");

-- CreateIndex
CREATE INDEX "Zone_changeSeq_idx" ON "Zone"("changeSeq");

-- CreateIndex
CREATE INDEX "Zone_deletedAt_name_idx" ON "Zone"("deletedAt", "name");

-- CreateIndex
CREATE INDEX "Zone_deletedAt_updatedAt_idx" ON "Zone"("deletedAt", "updatedAt");

-- CreateIndex
CREATE INDEX "Zone_deletedAt_recordCount_idx" ON "Zone"("deletedAt", "recordCount");

-- CreateIndex
CREATE INDEX "Zone_ownerId_deletedAt_name_idx" ON "Zone"("ownerId", "deletedAt", "name");

-- CreateIndex
CREATE INDEX "Revision_zoneId_seq_idx" ON "Revision"("zoneId", "seq");

-- CreateIndex
CREATE INDEX "Revision_createdAt_idx" ON "Revision"("createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "ZoneTemplate_name_key" ON "ZoneTemplate"("name");



-- The one row of the change sequence.
INSERT INTO "ChangeSequence" ("id", "value") VALUES (1, 0);
