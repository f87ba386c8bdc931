-- Whose zones and servers a synchronization is about.
ALTER TABLE "SyncJob" ADD COLUMN "accountId" INTEGER;

CREATE INDEX "SyncJob_accountId_idx" ON "SyncJob"("accountId");
