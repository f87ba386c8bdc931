import { compareSerials } from "./serial";

/** What decides which of two copies of a zone is newer. */
export interface CopyStamp {
  readonly serial: number;
  /** Epoch milliseconds; 0 when the copy carries no stamp. */
  readonly updatedAt: number;
  readonly digest: string;
}

/**
 * The one rule for "newest wins", which both ends compute alike: the SOA serial by RFC 1982, then the update time that travels with the zone
 * (whole seconds, as far as WHM's stamp goes), then the digest, so that two ends never each think that theirs is newer.
 * @returns 1: `a` is newer; -1: `b` is; 0: the same content under the same serial.
 */
export function compareCopies(a: CopyStamp, b: CopyStamp): -1 | 0 | 1 {
  if (a.serial !== b.serial) {
    const bySerial = compareSerials(a.serial, b.serial);
    if (bySerial === 1 || bySerial === -1) return bySerial;
  }
  if (a.serial === b.serial && a.digest === b.digest) return 0;
  const seconds = Math.floor(a.updatedAt / 1_000) - Math.floor(b.updatedAt / 1_000);
  if (seconds !== 0) return seconds > 0 ? 1 : -1;
  if (a.digest === b.digest) return a.serial > b.serial ? 1 : -1;
  return a.digest > b.digest ? 1 : -1;
}
