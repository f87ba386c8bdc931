-- The zone list can be sorted by serial.
CREATE INDEX "Zone_deletedAt_serial_idx" ON "Zone"("deletedAt", "serial");
