-- What people are told, and the outbox that brings it to them.
CREATE TABLE "Notice" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "event" TEXT NOT NULL,
    "episode" TEXT NOT NULL,
    "ownerId" INTEGER,
    "memberId" INTEGER,
    "zone" TEXT,
    "facts" TEXT NOT NULL,
    "raisedAt" BIGINT NOT NULL,
    "endedAt" BIGINT,
    "withheld" TEXT
);
CREATE UNIQUE INDEX "Notice_event_episode_key" ON "Notice"("event", "episode");
CREATE INDEX "Notice_ownerId_raisedAt_idx" ON "Notice"("ownerId", "raisedAt");
CREATE INDEX "Notice_raisedAt_idx" ON "Notice"("raisedAt");

CREATE TABLE "NoticeDelivery" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "noticeId" INTEGER NOT NULL,
    "userId" INTEGER,
    "channel" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAt" BIGINT NOT NULL,
    "reply" TEXT,
    "sentAt" BIGINT,
    "messageId" TEXT
);
CREATE UNIQUE INDEX "NoticeDelivery_noticeId_channel_userId_key" ON "NoticeDelivery"("noticeId", "channel", "userId");
CREATE INDEX "NoticeDelivery_state_nextAt_idx" ON "NoticeDelivery"("state", "nextAt");
CREATE INDEX "NoticeDelivery_messageId_idx" ON "NoticeDelivery"("messageId");

ALTER TABLE "User" ADD COLUMN "mutedTopics" TEXT NOT NULL DEFAULT '[]';
ALTER TABLE "User" ADD COLUMN "hearsResellers" BOOLEAN NOT NULL DEFAULT true;
