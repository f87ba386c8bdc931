import type { Context } from "@/lib/context";
import type { Database } from "@/lib/db/database";
import { DriverError } from "@/lib/errors";
import { openMemberDriver } from "@/lib/members/open-driver";
import type { Member } from "@/prisma/generated/sqlite/client";

/** A dead member holds up an import no longer than this, and all are asked at once. */
const LIMIT_MS = 10_000;
/** How long an answer counts: an import comes in slices, and each would ask again. */
const FRESH_MS = 60_000;

interface Answer {
  readonly at: number;
  readonly key: string;
  readonly names: Promise<ReadonlySet<string> | null>;
}

/** On `globalThis`: pages and the wire are bundled apart. Per database, as tests run several servers in one process. */
const holder = globalThis as typeof globalThis & { __zonefleetListed?: WeakMap<Database, Map<number, Answer>> };
holder.__zonefleetListed ??= new WeakMap();
const databases = holder.__zonefleetListed;

/**
 * The names of all zones that a member lists, asked for at most once a minute: one question for many names, in place of one for each.
 * @returns null when it did not say; nothing of a member that cannot be read
 */
export function listedZones(ctx: Context, member: Member): Promise<ReadonlySet<string> | null> {
  const answers = databases.get(ctx.db) ?? new Map<number, Answer>();
  databases.set(ctx.db, answers);
  for (const [id, { at }] of answers) if (!isFresh(ctx, at)) answers.delete(id);
  const key = [member.hostname, member.port, member.sealedCredential].join(" ");
  const known = answers.get(member.id);
  if (known?.key === key) return known.names;
  const names = ask(ctx, member);
  answers.set(member.id, { at: ctx.clock.now(), key, names });
  return names;
}

const isFresh = (ctx: Context, at: number) => Math.abs(ctx.clock.now() - at) < FRESH_MS;

async function ask(ctx: Context, member: Member): Promise<ReadonlySet<string> | null> {
  try {
    const driver = await openMemberDriver(ctx, member);
    const names = new Set<string>();
    if (!driver.capabilities.read.supported) return names;
    for await (const page of driver.list(AbortSignal.timeout(LIMIT_MS))) for (const { name } of page) names.add(name);
    return names;
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    return null;
  }
}
