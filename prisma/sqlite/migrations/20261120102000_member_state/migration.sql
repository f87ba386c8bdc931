-- Members that are disabled at the failure threshold, or paused for maintenance.
ALTER TABLE "Member" ADD COLUMN "firstFailureAt" BIGINT;
ALTER TABLE "Member" ADD COLUMN "lastFailureAt" BIGINT;
ALTER TABLE "Member" ADD COLUMN "disabledAt" BIGINT;
ALTER TABLE "Member" ADD COLUMN "disabledKind" TEXT;
ALTER TABLE "Member" ADD COLUMN "disabledReason" TEXT;
ALTER TABLE "Member" ADD COLUMN "episodeDisabledAt" BIGINT;
ALTER TABLE "Member" ADD COLUMN "probeAt" BIGINT;
ALTER TABLE "Member" ADD COLUMN "probes" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "Member" ADD COLUMN "recoveringAt" BIGINT;
ALTER TABLE "Member" ADD COLUMN "pausedAt" BIGINT;
ALTER TABLE "Member" ADD COLUMN "pausedUntil" BIGINT;
