import type { Context } from "@/lib/context";
import type { Database } from "@/lib/db/database";
import type { Driver } from "@/lib/drivers/driver";
import { DriverError } from "@/lib/errors";
import { openMemberDriver } from "@/lib/members/open-driver";
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
): Promise<ReadonlySet<string> | null> {
  try {
    const driver = await openMemberDriver(ctx, member);
    return driver.capabilities.read.supported ? await ask(driver) : new Set();
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    return null;
  }
}
