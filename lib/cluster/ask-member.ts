import { setImmediate } from "node:timers/promises";
import type { Context } from "@/lib/context";
import type { Database } from "@/lib/db/database";
import { formatZone } from "@/lib/dns/zone-file";
import type { Driver } from "@/lib/drivers/driver";
import { AppError, DriverError } from "@/lib/errors";
import { openMemberDriver } from "@/lib/members/open-driver";
import { plainAddress } from "@/lib/net/address-set";
import { checkZoneText } from "@/lib/zones/check-zone";
import type { Member } from "@/prisma/generated/sqlite/client";

/** Which of these zones a member has; null: it did not say. */
export type AskMember = (ctx: Context, member: Member, names: readonly string[]) => Promise<ReadonlySet<string> | null>;

/** A dead member holds up adding a zone no longer than this, and all are asked at once. */
const FETCH_MS = 4_000;
const LIST_MS = 10_000;
/** How long a list counts: an import comes in parts, and each would ask again. */
const FRESH_MS = 15_000;

/** Asks for the zones themselves: for a few that is the least work at both ends. */
export const fetchFrom: AskMember = (ctx, member, names) =>
  answerOf(ctx, member, async (driver) => {
    const found = await driver.fetch(names, AbortSignal.timeout(FETCH_MS));
    return new Set(found.map(({ name }) => name));
  });

/**
 * The same for any number of zones, over a driver that is opened by `open`: this may take longer.
 * @param has what counts as having a zone; every copy when left out
 */
export const fetchThrough =
  (open: typeof openMemberDriver, has: (copy: Sent) => boolean = () => true): AskMember =>
  (ctx, member, names) =>
    answerOf(
      ctx,
      member,
      async (driver) => {
        const [signal, { batchSize }] = [AbortSignal.timeout(LIST_MS), driver.capabilities];
        const found = new Set<string>();
        for (let at = 0; at < names.length; at += batchSize)
          // Comparing takes its time, and everything else waits for it.
          for (const copy of await driver.fetch(names.slice(at, at + batchSize), signal))
            if (await setImmediate(has(copy))) found.add(copy.name);
        return found;
      },
      open,
    );

/** From so many zones on a member is asked for its list. */
const MANY = 10;

interface Sent {
  readonly name: string;
  /** Zone file. */
  readonly text: string;
}

/**
 * Asks about zones that a server just sent. The member that it is has them, of course: there only a copy that is another one than was sent counts. What it says
 * of itself, and the address, would prove little alone, as accounts run programs on web servers.
 * @param caller.address numeric
 * @param caller.serverId of a Zonefleet server
 */
export function askAboutSent(
  { address, serverId }: { readonly address: string; readonly serverId: string | null },
  zones: readonly Sent[],
): AskMember {
  const sent = new Map(zones.map(({ name, text }) => [name, text]));
  const isAnother = ({ name, text }: Sent) => !isSameText(name, text, sent.get(name));
  const caller = plainAddress(address);
  const isCaller = (member: Member) =>
    (serverId !== null && member.serverId === serverId) ||
    (caller !== undefined && plainAddress(member.address) === caller);
  return (ctx, member, names) => {
    if (isCaller(member)) return fetchThrough(openMemberDriver, isAnother)(ctx, member, names);
    return (names.length < MANY ? fetchFrom : listNow)(ctx, member, names);
  };
}

function isSameText(name: string, text: string, sent: string | undefined): boolean {
  if (sent === undefined) return false;
  try {
    return formatZone(checkZoneText(name, text).zone) === formatZone(checkZoneText(name, sent).zone);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return false;
  }
}

interface Listed {
  readonly key: string;
  readonly names: Promise<ReadonlySet<string> | null>;
}

/** On `globalThis`: pages and the wire are bundled apart. Per database, as tests run several servers in one process. */
const holder = globalThis as typeof globalThis & { __zonefleetListed?: WeakMap<Database, Map<number, Listed>> };
holder.__zonefleetListed ??= new WeakMap();
const databases = holder.__zonefleetListed;

/** Asks for the list of all zones, and remembers it for a few seconds: one question for many zones, in place of one for each. A silence is remembered as well. */
export const listFrom: AskMember = async (ctx, member, names) => {
  const lists = databases.get(ctx.db) ?? new Map<number, Listed>();
  databases.set(ctx.db, lists);
  const key = [member.hostname, member.port, member.sealedCredential].join(" ");
  const known = lists.get(member.id);
  const listed = known?.key === key ? known : { key, names: answerOf(ctx, member, listAll) };
  if (listed !== known) {
    lists.set(member.id, listed);
    // There may be no next import to forget them, and they may be a hundred thousand names.
    setTimeout(() => lists.get(member.id) === listed && lists.delete(member.id), FRESH_MS).unref();
  }
  const all = await listed.names;
  return all && new Set(names.filter((name) => all.has(name)));
};

/** The same without remembering: nothing that a reseller sends is held against what was true some seconds ago. */
const listNow: AskMember = async (ctx, member, names) => {
  const all = await answerOf(ctx, member, listAll);
  return all && new Set(names.filter((name) => all.has(name)));
};

async function listAll(driver: Driver): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for await (const page of driver.list(AbortSignal.timeout(LIST_MS))) for (const { name } of page) names.add(name);
  return names;
}

/** @returns null when the member did not answer; nothing of one that cannot be read */
async function answerOf(
  ctx: Context,
  member: Member,
  ask: (driver: Driver) => Promise<ReadonlySet<string>>,
  open = openMemberDriver,
): Promise<ReadonlySet<string> | null> {
  try {
    const driver = await open(ctx, member);
    return driver.capabilities.read.supported ? await ask(driver) : new Set();
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    return null;
  }
}
