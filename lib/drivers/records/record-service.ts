import type { TargetStatus } from "@/lib/drivers/driver";
import type { HeldRecord } from "./fit-zone";
import type { RecordChange, RemoteRecord } from "./plan-changes";
import type { RecordLimits } from "./record-limits";

/** A zone as a service holds it. */
export interface RemoteZoneRecords {
  /** The service's own name for the zone. */
  readonly id: string;
  /** Every record that is ours to change: without SOA, without NS at the apex, without types that `limits` does not name. */
  readonly records: readonly RemoteRecord[];
}

/**
 * A DNS service with an API for single records, as createRecordDriver needs it. Every method is one or a few calls and throws DriverError: kinds that speak of
 * the zone (rejected, conflict, unsupported, not-found) for what the service refused, the others for a service that is out of reach, refuses the
 * credential or asks to wait. What may be repeated on a lost connection is repeated: a record made twice is found, and one of the two removed, by the next comparison.
 */
export interface RecordService {
  readonly limits: RecordLimits;
  /** The zone of exactly this name in the account; null when the account has none. */
  find(apex: string, signal: AbortSignal): Promise<RemoteZoneRecords | null>;
  /**
   * Makes the zone. It may make records of the service's own choice with it, which the driver finds by `find` and brings in line.
   * @param records the zone's, so that what a new zone has to have can be given at once
   * @throws DriverError "conflict" when the service refuses to make it: it may be there under another account
   */
  create(apex: string, records: readonly HeldRecord[], signal: AbortSignal): Promise<void>;
  /** Deletes the zone with its records. */
  remove(zone: RemoteZoneRecords, signal: AbortSignal): Promise<void>;
  change(zone: RemoteZoneRecords, change: RecordChange, signal: AbortSignal): Promise<void>;
  status(signal: AbortSignal): Promise<TargetStatus>;
  close(): void;
}
