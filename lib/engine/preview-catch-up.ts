import type { Actor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import { toUnicode } from "@/lib/dns/name";
import type { Driver } from "@/lib/drivers/driver";
import { DriverError } from "@/lib/errors";
import type { ConnectionCheck } from "@/lib/members/check-connection";
import { memberToken } from "@/lib/members/credential";
import { awayMs, findDisabled, testStored } from "@/lib/members/enable-member";
import { createMemberDriver } from "@/lib/members/member-driver";
import type { MemberRecord } from "@/lib/members/member-row";
import { readReaches } from "@/lib/members/reach";
import { isComparedFirst } from "@/lib/members/ready-target";
import { readSettings } from "@/lib/settings/settings";
import { type CopyThere, type PlanStep, planZone } from "@/lib/sync/plan";
import { newOwnerOf } from "./sync-jobs/job-scope";
import { memberTerms } from "./sync-jobs/member-terms";
import { sentZones } from "./sync-jobs/plan-job";
import { type CopiesThere, readCopies, readHere, type ZoneHere } from "./sync-jobs/read-copies";

/** Some of the zones that one thing would be done with. */
export interface CatchUpPart {
  readonly zones: number;
  /** A few of them, as people write them. */
  readonly examples: readonly string[];
}

/** What enabling a member would bring about, from what both sides hold now. */
export interface CatchUp {
  /** Zones that it lacks or holds otherwise. */
  readonly send: CatchUpPart;
  /** Zones that were deleted here, and that it still has from here. */
  readonly remove: CatchUpPart;
  /** Zones that are newer there, and are taken in. */
  readonly take: CatchUpPart;
  /** Zones that are newer there, and are overwritten: the DNS role is Write-only. */
  readonly overwrite: CatchUpPart;
  /** It was away long and zones go both ways: all are compared before any is written. */
  readonly isComparedFirst: boolean;
  /** How it was compared, where that says less than usual. */
  readonly note: string | null;
}

export interface CatchUpPreview {
  readonly check: ConnectionCheck;
  /** null: it did not pass the test, or cannot be compared. */
  readonly catchUp: CatchUp | null;
  /** Why it cannot be compared, in a sentence. */
  readonly problem: string | null;
}

/** Somebody waits: a server that lists names only has to give out every zone. */
const LIMIT_MS = 45_000;
const EXAMPLES = 5;
const SLICE = 500;
/** Zones that are not here are no part of it; should one come to be, it is root's. */
const NEW_OWNER = newOwnerOf({ accountId: null });

/**
 * What *Enable* shows before anything happens: whether the member passes *Test connection* with what is stored, and what would be caught up. Changes nothing,
 * here or there.
 * @throws AppError "not-found"; "conflict" for a member that is not disabled
 */
export async function previewCatchUp(ctx: Context, actor: Actor, input: { id: number }): Promise<CatchUpPreview> {
  const member = await findDisabled(ctx, actor, input.id);
  const check = await testStored(ctx, actor, member);
  if (!check.ok) return { check, catchUp: null, problem: null };
  const self = await readSettings(ctx.db.client, "server");
  const reached = { ...member, address: check.address, memberId: member.id, token: memberToken(ctx, member) };
  const driver = createMemberDriver(ctx, self, reached);
  try {
    return { check, catchUp: await compare(ctx, member, driver, AbortSignal.timeout(LIMIT_MS)), problem: null };
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    const isLate = error.kind === "aborted";
    const words = `It holds more than can be compared in ${LIMIT_MS / 1_000} seconds. Enabling it compares all the same.`;
    return { check, catchUp: null, problem: isLate ? words : error.message };
  } finally {
    await driver.close();
  }
}

async function compare(ctx: Context, member: MemberRecord, driver: Driver, signal: AbortSignal): Promise<CatchUp> {
  const { read, ownSerials } = driver.capabilities;
  if (!read.supported) throw new DriverError("unsupported", member.hostname, "list", read.reason);
  const here = await readHere(ctx, null, null);
  const terms = memberTerms(member, (await readReaches(ctx.db.client, member.id)).get(member.id));
  const copies = await readCopies(
    driver,
    here,
    { only: null, addMissing: false, newOwner: NEW_OWNER, terms, everywhere: true },
    signal,
  );
  const names = [...copies.differing.keys()].sort();
  const parts = { send: part(), remove: part(), take: part(), overwrite: part() };
  for (let at = 0; at < names.length; at += SLICE) {
    const slice = names.slice(at, at + SLICE);
    const sent = await sentZones(ctx, slice, here);
    for (const name of slice)
      for (const step of stepsOf(name, { member, here, copies, terms, wasSent: sent.has(`${member.id} ${name}`) }))
        note(parts[partOf(step)], name);
  }
  const awayFor = awayMs(member, ctx.clock.now());
  const words = ownSerials ? `Compared by name only: ${ownSerials.reason}` : null;
  return { ...parts, isComparedFirst: isComparedFirst(member, awayFor), note: words };
}

interface Facts {
  readonly member: MemberRecord;
  readonly here: ReadonlyMap<string, ZoneHere>;
  readonly copies: CopiesThere;
  readonly terms: ReturnType<typeof memberTerms>;
  readonly wasSent: boolean;
}

/** The same steps as *Synchronize DNS Records* would plan between these two. */
function stepsOf(name: string, { member, here, copies, terms, wasSent }: Facts): PlanStep[] {
  const zone = here.get(name) ?? null;
  const ownerId = zone?.ownerId ?? NEW_OWNER;
  const there: CopyThere = {
    ...{ memberId: member.id, copy: copies.differing.get(name) ?? null, wasSent },
    ...{ receives: terms.receives(ownerId), sends: terms.sends(ownerId) },
  };
  return planZone(zone, [there], { everywhere: true, addMissing: false });
}

function partOf({ action, kind, overwritesNewer }: PlanStep): "send" | "remove" | "take" | "overwrite" {
  if (action === "take") return "take";
  if (kind === "remove") return "remove";
  return overwritesNewer ? "overwrite" : "send";
}

const part = () => ({ zones: 0, examples: [] as string[] });

function note(to: ReturnType<typeof part>, name: string): void {
  to.zones++;
  if (to.examples.length < EXAMPLES) to.examples.push(toUnicode(name));
}
