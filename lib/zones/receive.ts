import { type Actor, actorId, actorName } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import { type Met, recordConflicts } from "@/lib/conflicts/record";
import type { Context } from "@/lib/context";
import { join, type Queryable, type RawQueryable, sql } from "@/lib/db/database";
import { takeSequence } from "@/lib/db/sequence";
import { digestCanonicalText } from "@/lib/dns/digest";
import { compareCopies } from "@/lib/dns/newest";
import { soaOf } from "@/lib/dns/zone-build";
import { formatZone } from "@/lib/dns/zone-file";
import { AppError, errorMessage } from "@/lib/errors";
import { publishZones } from "@/lib/live/publish-zones";
import { readReaches } from "@/lib/members/reach";
import { type Reach, reaches } from "@/lib/sync/reach";
import { liesInOthersZone } from "./assert-addable";
import { checkZoneText } from "./check-zone";
import { forgetRevisions } from "./commit-revision";
import { type Contest, type Meetings, markContested, readMeetings } from "./meetings";
import { type NewerHere, newerHere } from "./newer-here";
import { isPublicSuffix, publicSuffixWords } from "./public-suffix";
import { type Origin, originOf, type Sender } from "./writers";
import { zoneLimitMessage, zoneRoom } from "./zone-limit";
import { findZones, ROWS, type StoredZone } from "./zone-row";

/** A zone that a member sent, or that was fetched from one. */
export interface ReceivedZone {
  /** Apex: absolute, lower case, final dot. */
  readonly name: string;
  /** Zone file; a stamp in its first line is read. */
  readonly text: string;
  /** Epoch milliseconds of the copy's last change, when the sender said it beside the text. */
  readonly updatedAt?: number;
}

export type ReceiveOutcome =
  | {
      readonly name: string;
      readonly status: "created" | "updated" | "unchanged";
      readonly serial: number;
      readonly digest: string;
    }
  /** Ours is newer (mode "newest"): here it is. */
  | NewerHere
  | { readonly name: string; readonly status: "refused"; readonly message: string };

interface Prepared {
  readonly name: string;
  readonly text: string;
  readonly serial: number;
  readonly digest: string;
  readonly recordCount: number;
  readonly updatedAt: number;
}

function prepare(ctx: Context, item: ReceivedZone): Prepared | ReceiveOutcome {
  try {
    const { zone, updatedAt } = checkZoneText(item.name, item.text);
    const text = formatZone(zone);
    return {
      name: item.name,
      text,
      serial: soaOf(zone).serial,
      digest: digestCanonicalText(text),
      recordCount: zone.rrsets.reduce((sum, rrset) => sum + rrset.rdatas.length, 0),
      // A sender whose clock is far ahead must not win every tie for ever.
      updatedAt: Math.min(item.updatedAt ?? updatedAt ?? ctx.clock.now(), ctx.clock.now() + 86_400_000),
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { name: item.name, status: "refused", message: errorMessage(error) };
  }
}

/** A copy that is about to replace a zone that is here. */
export interface CopyToTake extends Prepared {
  readonly here: StoredZone;
}

/** How zones came. */
interface Receipt {
  readonly mode: "newest" | "overwrite";
  readonly originMemberId: number | null;
  readonly sender?: Sender | null;
  /** Asked in the same transaction which copies are not to be stored: they wait for somebody's yes (lib/sync-jobs/hold-copies). */
  readonly hold?: (tx: Queryable, copies: readonly CopyToTake[]) => Promise<ReadonlySet<string>>;
  /** The change set that a person takes them in with; left out: they came by themselves. */
  readonly changeSetId?: number;
}

/** The same once a transaction is open. */
type InTransaction = Omit<Receipt, "hold"> & {
  readonly hold: ((copies: readonly CopyToTake[]) => Promise<ReadonlySet<string>>) | undefined;
};

/** What the sender may change. */
interface Bounds {
  /** null: zones of every account. */
  readonly ownerId: number | null;
  /** What may come from the member that it is: an account with a cluster of its own takes nothing from root's members, whose copies may be old. */
  readonly accepts: Reach;
}

const NOT_HERE = "The zone cannot be stored on this server. Ask its root.";

/** What becomes of one prepared zone beside what is stored. null: it is to be written. */
function weigh(
  item: Prepared,
  stored: StoredZone | undefined,
  mode: "newest" | "overwrite",
  { ownerId, accepts }: Bounds,
): Exclude<ReceiveOutcome, { status: "newer-here" }> | "newer-here" | null {
  if (!stored) return null;
  const { name, serial, digest } = item;
  const isAnothers = ownerId !== null && stored.ownerId !== ownerId;
  // What was given up for good is nobody's any more, and says nothing of whoever had it.
  if (isAnothers && stored.purgedAt !== null) return null;
  if (isAnothers || !reaches(accepts, stored.ownerId)) return { name, status: "refused", message: NOT_HERE };
  if (stored.deletedAt !== null) {
    if (mode === "overwrite" || compareCopies(item, stored) === 1) return null;
    return {
      name,
      status: "refused",
      message: `The zone was deleted here with serial ${stored.serial}. A copy comes back only with a newer serial.`,
    };
  }
  if (serial === stored.serial && digest === stored.digest) return { name, status: "unchanged", serial, digest };
  return mode === "newest" && compareCopies(item, stored) === -1 ? "newer-here" : null;
}

/**
 * Takes zones in from a member: one revision for each that differs from what is here, all in one transaction; a zone that is refused is its own outcome
 * and holds up no other. A zone that is ours already, by digest and serial, changes nothing and so travels no further.
 * @param input.mode "newest": an older copy is answered with ours; "overwrite": the sender does not look (Write-only, a real WHM that looked itself)
 * @param input.originMemberId the member it came from: the engine does not send these revisions back to it
 * @param input.hold what is fetched by itself waits for a yes where it would do harm; what somebody sends or asked for does not
 * @param input.sender who wrote them, where that is not the member alone; null: nobody knows
 * @returns one outcome for each item, in order; of two items with one name the last one counts
 * @throws AppError "forbidden"
 */
export async function receiveZones(
  ctx: Context,
  actor: Actor,
  input: Receipt & { items: readonly ReceivedZone[] },
): Promise<ReceiveOutcome[]> {
  const { ownerId } = authorize(actor, "cluster.member");
  const outcomes = new Map<string, ReceiveOutcome>();
  const prepared = new Map<string, Prepared>();
  for (const item of input.items) {
    const result = prepare(ctx, item);
    if ("status" in result) outcomes.set(item.name, result);
    else prepared.set(item.name, result);
    // Reading a thousand zones takes a good part of a second: pages and DNS checks get their turn in between.
    if (prepared.size % 25 === 24) await new Promise(setImmediate);
  }
  if (prepared.size > 0) {
    const items = [...prepared.values()];
    const { hold } = input;
    const { result: written, kept } = hold
      ? {
          result: await ctx.db.transaction(
            (tx) => writeReceived(ctx, tx, actor, { ...input, hold: (copies) => hold(tx, copies) }, ownerId, items),
            "zone.pull",
          ),
          kept: undefined,
        }
      : await ctx.db.visibleTransaction(
          (tx) => writeReceived(ctx, tx, actor, { ...input, hold: undefined }, ownerId, items),
          "zone.receive",
        );
    // It travels on while the disk takes it; after a power cut in between, whoever sent it sends it again, as nobody was told that it is kept.
    announce(ctx, written);
    await kept;
    for (const outcome of written) outcomes.set(outcome.name, outcome);
  }
  return input.items.flatMap((item) => outcomes.get(item.name) ?? []);
}

function announce(ctx: Context, outcomes: readonly ReceiveOutcome[]): void {
  // A copy that is kept may have got the mark of a zone that two servers write.
  const changed = outcomes.filter((outcome) => outcome.status !== "unchanged" && outcome.status !== "refused");
  if (changed.length === 0) return;
  ctx.wake(true);
  publishZones(changed.map(({ name }) => name));
}

async function writeReceived(
  ctx: Context,
  tx: RawQueryable,
  actor: Actor,
  input: InTransaction,
  ownerId: number | null,
  items: readonly Prepared[],
): Promise<ReceiveOutcome[]> {
  // As many numbers as there are items are taken before anything is read, so that nothing changes in between; unused ones leave a harmless gap.
  const first = await takeSequence(tx, items.length);
  const stored = await findZones(
    tx,
    items.map((item) => item.name),
  );
  const origin = await originOf(tx, input.originMemberId, input.sender, ownerId === null);
  const meetings = await meetingsOf(ctx, tx, input, origin, items, stored);
  const bounds = { ownerId, accepts: await acceptedFrom(tx, input.originMemberId) };
  const admission = createAdmission(tx);
  const outcomes: ReceiveOutcome[] = [];
  let writes: Write[] = [];
  const handedOn: number[] = [];
  const contests: Contest[] = [];
  const met: Met[] = [];
  for (const item of items) {
    const before = stored.get(item.name);
    const present = before && before.deletedAt === null ? before : undefined;
    const verdict = weigh(item, before, before && meetings.keepsNewest(item, before) ? "newest" : input.mode, bounds);
    // A name that was given up for good belongs to nobody any more: least of all to whoever had it last.
    const kept = before && before.purgedAt === null ? before.ownerId : undefined;
    const newOwner = kept ?? actorId(actor) ?? 1;
    const isMet = verdict === null || (verdict === "newer-here" && input.mode === "overwrite");
    const isContested = present !== undefined && meetings.isContested(item, present);
    if (present && isMet && isContested) contests.push({ zoneId: present.id, overId: meetings.writerOf(present) });
    if (present && item.digest !== present.digest && (verdict === null || verdict === "newer-here")) {
      const isOursLost = verdict === null;
      const wonSeq = isOursLost ? first + writes.length : present.seq;
      met.push({ zone: present, copy: item, wonSeq, isOursLost, isContested });
    }
    if (verdict === "newer-here") {
      outcomes.push(await newerHere(tx, before as StoredZone));
      continue;
    }
    const refusal = verdict ?? (present ? null : await admission(item.name, newOwner, ownerId !== null));
    if (refusal) outcomes.push(refusal);
    else {
      const { name, serial, digest } = item;
      if (before && before.ownerId !== newOwner) handedOn.push(before.id);
      writes.push({ item, seq: first + writes.length, ownerId: newOwner });
      outcomes.push({ name, status: present ? "updated" : "created", serial, digest });
    }
  }
  const held = await heldBack(input, writes, stored);
  writes = writes.filter(({ item }) => !held.has(item.name));
  // A copy that waits has replaced nothing yet.
  const decided = met.filter(({ zone }) => !held.has(zone.name));
  await recordConflicts(tx, origin, decided, ctx.clock.now());
  for (let at = 0; at < handedOn.length; at += ROWS) await forgetRevisions(tx, handedOn.slice(at, at + ROWS));
  for (let at = 0; at < writes.length; at += ROWS)
    await writeRows(ctx, tx, actor, { ...origin, changeSetId: input.changeSetId ?? null }, writes.slice(at, at + ROWS));
  await markContested(tx, contests, { byId: origin.writerId, now: ctx.clock.now() });
  if (writes.length > 0) {
    const subject = writes.length === 1 ? (writes[0]?.item.name ?? "") : `${writes.length} zones`;
    await recordAudit(tx, actor, {
      at: ctx.clock.now(),
      action: "zone.receive",
      subject,
      detail: { member: input.originMemberId, zones: writes.length },
    });
  }
  return outcomes.map((outcome) =>
    held.has(outcome.name) ? { name: outcome.name, status: "refused", message: WAITS } : outcome,
  );
}

const WAITS =
  "The copy would do harm to the zone that is here. It waits for approval on the page Synchronize DNS Records, or was rejected there.";
const NONE: ReadonlySet<string> = new Set();

async function heldBack(
  { hold }: InTransaction,
  writes: readonly Write[],
  stored: ReadonlyMap<string, StoredZone>,
): Promise<ReadonlySet<string>> {
  const replacing = writes.flatMap(({ item }) => {
    const here = stored.get(item.name);
    return here && here.deletedAt === null ? [{ ...item, here }] : [];
  });
  return hold && replacing.length > 0 ? hold(replacing) : NONE;
}

interface Write {
  readonly item: Prepared;
  readonly seq: number;
  readonly ownerId: number;
}

function meetingsOf(
  ctx: Context,
  tx: RawQueryable,
  { mode }: Pick<Receipt, "mode">,
  origin: Origin,
  items: readonly Prepared[],
  stored: ReadonlyMap<string, StoredZone>,
): Promise<Meetings> {
  const pairs = items.flatMap((copy) => {
    const zone = stored.get(copy.name);
    if (!zone || zone.purgedAt !== null) return [];
    const isSame = copy.serial === zone.serial && copy.digest === zone.digest;
    return isSame && zone.deletedAt === null ? [] : [{ copy, zone }];
  });
  return readMeetings(tx, { ...origin, mode, now: ctx.clock.now() }, pairs);
}

async function acceptedFrom(tx: RawQueryable, memberId: number | null): Promise<Reach> {
  const reach = memberId === null ? undefined : (await readReaches(tx, memberId)).get(memberId);
  return reach?.accepts ?? { kind: "every" };
}

/** Whether zones that are not here may be added for an account: each one that may takes a place of its limit. */
function createAdmission(tx: RawQueryable) {
  const rooms = new Map<number, { message: string; left: number }>();
  return async (name: string, ownerId: number, isTenant: boolean): Promise<ReceiveOutcome | null> => {
    if (isTenant && (await liesInOthersZone(tx, ownerId, name))) return { name, status: "refused", message: NOT_HERE };
    if (isTenant && isPublicSuffix(name)) return { name, status: "refused", message: publicSuffixWords(name) };
    let room = rooms.get(ownerId);
    if (!room) {
      const found = await zoneRoom(tx, ownerId);
      room = { message: zoneLimitMessage(found), left: found.left };
      rooms.set(ownerId, room);
    }
    if (room.left < 1) return { name, status: "refused", message: room.message };
    room.left -= 1;
    return null;
  };
}

async function writeRows(
  ctx: Context,
  tx: RawQueryable,
  actor: Actor,
  { originMemberId, writerId, changeSetId }: Origin & { readonly changeSetId: number | null },
  writes: readonly Write[],
): Promise<void> {
  const now = ctx.clock.now();
  const zones = writes.map(
    ({ item, seq, ownerId }) =>
      sql`(${item.name}, ${ownerId}, ${seq}, ${item.serial}, ${item.digest}, ${item.recordCount}, ${item.updatedAt}, ${now}, ${originMemberId})`,
  );
  const ids = await tx.$queryRaw<{ id: number | bigint; name: string }[]>(sql`
    INSERT INTO "Zone" ("name", "ownerId", "changeSeq", "serial", "digest", "recordCount", "updatedAt", "createdAt", "originMemberId")
    VALUES ${join(zones)}
    ON CONFLICT ("name") DO UPDATE SET "changeSeq" = excluded."changeSeq", "serial" = excluded."serial", "digest" = excluded."digest",
      "recordCount" = excluded."recordCount", "updatedAt" = excluded."updatedAt", "originMemberId" = excluded."originMemberId",
      "ownerId" = excluded."ownerId", "deletedAt" = NULL, "purgedAt" = NULL
    RETURNING "id", "name"`);
  const idOf = new Map(ids.map((row) => [row.name, Number(row.id)]));
  const revisions = writes.map(
    ({ item, seq }) =>
      sql`(${seq}, ${idOf.get(item.name)}, ${item.serial}, ${item.digest}, ${item.text}, ${item.recordCount}, ${"receive"}, ${actorId(actor)}, ${actorName(actor)}, ${""}, ${originMemberId}, ${writerId}, ${changeSetId}, ${now})`,
  );
  await tx.$executeRaw(sql`
    INSERT INTO "Revision" ("seq", "zoneId", "serial", "digest", "text", "recordCount", "kind", "actorId", "actorName", "reason", "originMemberId", "writerId", "changeSetId", "createdAt")
    VALUES ${join(revisions)}`);
}
