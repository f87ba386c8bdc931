-- A hosted service is in a cluster once for each account.
ALTER TABLE "Member" ADD COLUMN "account" TEXT NOT NULL DEFAULT '';
UPDATE "Member" SET "account" = "backend" || ':' || lower("username") WHERE "backend" IN ('softlayer', 'vpsnet');
DROP INDEX "Member_ownerId_hostname_key";
CREATE UNIQUE INDEX "Member_ownerId_hostname_account_key" ON "Member"("ownerId", "hostname", "account");
