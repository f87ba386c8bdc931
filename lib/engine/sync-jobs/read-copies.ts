import type { Context } from "@/lib/context";
import { empty, sql } from "@/lib/db/database";
import { digestZone } from "@/lib/dns/digest";
import type { CopyStamp } from "@/lib/dns/newest";
import type { Zone } from "@/lib/dns/zone";
import { soaOf } from "@/lib/dns/zone-build";
import type { Driver, RemoteZone } from "@/lib/drivers/driver";
import { AppError } from "@/lib/errors";
import { type CopyHere, isSame } from "@/lib/sync/plan";
import { checkZoneText } from "@/lib/zones/check-zone";
import { fetchInParts } from "../fetch-in-parts";
import type { MemberTerms } from "./member-terms";

/** A zone of this server as a plan needs it. */
export interface ZoneHere extends CopyHere {
  readonly id: number;
  readonly ownerId: number;
  readonly seq: number;
  readonly records: number;
}

/** Rows read at a time, so that pages and DNS checks get their turn in between. */
const SLICE = 5_000;

/**
 * Every zone that is or was here, by name; some hundred bytes each, shared by all members of a plan.
 * @param only the one zone that is asked for
 * @param accountId whose zones count; null: everybody's
 */
export async function readHere(
  ctx: Context,
  only: string | null,
  accountId: number | null,
): Promise<Map<string, ZoneHere>> {
  const here = new Map<string, ZoneHere>();
  type Row = Record<"id" | "ownerId" | "changeSeq" | "serial" | "recordCount" | "updatedAt", number | bigint> & {
    name: string;
    digest: string;
    deletedAt: number | bigint | null;
  };
  for (let after = 0, isDone = false; !isDone; ) {
    const rows = await ctx.db.client.$queryRaw<Row[]>(sql`
      SELECT "id", "name", "ownerId", "changeSeq", "serial", "digest", "recordCount", "updatedAt", "deletedAt" FROM "Zone"
      WHERE "id" > ${after} ${only === null ? empty : sql`AND "name" = ${only}`}
        ${accountId === null ? empty : sql`AND "ownerId" = ${accountId}`} ORDER BY "id" LIMIT ${SLICE}`);
    for (const row of rows)
      here.set(row.name, {
        id: Number(row.id),
        ownerId: Number(row.ownerId),
        seq: Number(row.changeSeq),
        serial: Number(row.serial),
        digest: row.digest,
        updatedAt: Number(row.updatedAt),
        records: Number(row.recordCount),
        isDeleted: row.deletedAt !== null,
      });
    after = Number(rows.at(-1)?.id ?? 0);
    isDone = rows.length < SLICE;
  }
  return here;
}

/** What a member was found to hold. */
export interface CopiesThere {
  /** Zones that it lists; null when it was asked for one only. */
  readonly zones: number | null;
  /** How many of them are here as well. */
  readonly known: number;
  /** Copies that are not those of this server, by name; null: a zone of this server that it does not hold. */
  readonly differing: ReadonlyMap<string, CopyStamp | null>;
  /** Zones whose copy cannot be read, with the reason. */
  readonly unreadable: ReadonlyMap<string, string>;
}

interface Wanted {
  readonly only: string | null;
  /** Zones that are not here count as well. */
  readonly addMissing: boolean;
  /** Whose they become. */
  readonly newOwner: number;
  /** What may be done with it; zones with which nothing may be are passed over. */
  readonly terms: MemberTerms;
  /** Zones that it lacks count, where they are sent to it. */
  readonly everywhere: boolean;
  /** Told of all that it lists, as it comes. */
  readonly onListed?: (page: readonly RemoteZone[]) => Promise<void>;
}

/**
 * Asks one member what it holds and keeps what differs: by serial and digest where it lists them (Zonefleet servers), by the zones themselves where it lists
 * names only, and by name alone where it holds a zone under a serial of its own: what it has then counts as what this server has.
 * @throws DriverError when it cannot be asked
 */
export async function readCopies(
  driver: Driver,
  here: ReadonlyMap<string, ZoneHere>,
  { only, addMissing, newOwner, terms, everywhere, onListed }: Wanted,
  signal: AbortSignal,
): Promise<CopiesThere> {
  const differing = new Map<string, CopyStamp | null>();
  const unreadable = new Map<string, string>();
  const seen = new Set<string>();
  let zones = 0;
  let known = 0;
  const concerns = ({ ownerId }: { ownerId: number }) => terms.receives(ownerId) || terms.sends(ownerId);
  const note = (name: string, stamp: CopyStamp) => {
    const ours = here.get(name);
    if (!ours || ours.isDeleted || !isSame(ours, stamp)) differing.set(name, stamp);
  };
  const noteName = (name: string) => {
    const ours = here.get(name);
    seen.add(name);
    if (ours?.isDeleted) differing.set(name, ours);
  };
  const isByName = driver.capabilities.ownSerials !== undefined;
  const readTexts = async (names: readonly string[]) => {
    const { stamps, problems } = await fetchStamps(driver, names, signal);
    for (const name of names) {
      const [stamp, problem] = [stamps.get(name), problems.get(name)];
      if (stamp) note(name, stamp);
      else if (problem !== undefined) unreadable.set(name, problem);
      else if (seen.has(name)) unreadable.set(name, "It is listed there, but cannot be fetched.");
      if (stamp) seen.add(name);
    }
  };
  if (only !== null && isByName) for (const { name } of await driver.fetch([only], signal)) noteName(name);
  else if (only !== null) await readTexts([only]);
  else
    for await (const page of driver.list(signal)) {
      const unsaid: string[] = [];
      for (const zone of page) {
        zones++;
        seen.add(zone.name);
        const ours = here.get(zone.name);
        if (ours && !ours.isDeleted) known++;
        if (isByName) noteName(zone.name);
        if (isByName || (!ours && !addMissing) || !concerns(ours ?? { ownerId: newOwner })) continue;
        const stamp = listedStamp(zone);
        if (stamp) note(zone.name, stamp);
        else unsaid.push(zone.name);
      }
      await readTexts(unsaid);
      await onListed?.(page);
      await new Promise(setImmediate);
    }
  if (everywhere)
    for (const [name, { isDeleted, ownerId }] of here)
      if (!isDeleted && terms.sends(ownerId) && !seen.has(name) && !unreadable.has(name)) differing.set(name, null);
  return { zones: only === null ? zones : null, known, differing, unreadable };
}

function listedStamp({ serial, digest, updatedAt = 0 }: RemoteZone): CopyStamp | null {
  return serial === undefined || digest === undefined ? null : { serial, digest, updatedAt };
}

/** Reads zones of a member and tells what decides which copy is newer; zones that it does not hold are in neither. */
export async function fetchStamps(
  driver: Driver,
  names: readonly string[],
  signal: AbortSignal,
): Promise<{
  stamps: Map<string, CopyStamp>;
  problems: Map<string, string>;
  texts: Map<string, FetchedZone>;
  /** Those that have a stamp. */
  zones: Map<string, Zone>;
}> {
  const stamps = new Map<string, CopyStamp>();
  const problems = new Map<string, string>();
  const texts = new Map<string, FetchedZone>();
  const read = new Map<string, Zone>();
  const { batchSize } = driver.capabilities;
  for (let at = 0; at < names.length; at += batchSize)
    for await (const zones of fetchInParts(driver, names.slice(at, at + batchSize), signal))
      for (const fetched of zones) {
        texts.set(fetched.name, fetched);
        const copy = readText(fetched);
        if (typeof copy === "string") problems.set(fetched.name, copy);
        else {
          stamps.set(fetched.name, copy.stamp);
          read.set(fetched.name, copy.zone);
        }
      }
  return { stamps, problems, texts, zones: read };
}

export type FetchedZone = Awaited<ReturnType<Driver["fetch"]>>[number];

/** @returns the reason when the text is no zone that could be taken in */
function readText({ name, text, updatedAt }: FetchedZone): { stamp: CopyStamp; zone: Zone } | string {
  try {
    const { zone } = checkZoneText(name, text);
    return { stamp: { serial: soaOf(zone).serial, digest: digestZone(zone), updatedAt }, zone };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.message;
  }
}
