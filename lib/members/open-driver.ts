import type { Context } from "@/lib/context";
import { type Database, sql } from "@/lib/db/database";
import type { Driver } from "@/lib/drivers/driver";
import { AppError, DriverError } from "@/lib/errors";
import { settingsFrom } from "@/lib/settings/settings";
import type { Member } from "@/prisma/generated/sqlite/client";
import { memberToken } from "./credential";
import { assertWorking } from "./held";
import { createMemberDriver, type OwnIdentity } from "./member-driver";

interface OpenDriver {
  readonly key: string;
  readonly driver: Driver;
}

/**
 * One open driver a member, so that its TLS connections are kept alive between batches. On `globalThis`: pages and the engine are bundled
 * apart, and a member that a page deletes or changes is let go of everywhere. Per database, as tests run several servers in one process.
 */
const holder = globalThis as typeof globalThis & { __zonefleetDrivers?: WeakMap<Database, Map<number, OpenDriver>> };
holder.__zonefleetDrivers ??= new WeakMap();
const databases = holder.__zonefleetDrivers;

function driversOf(ctx: Context): Map<number, OpenDriver> {
  const known = databases.get(ctx.db) ?? new Map<number, OpenDriver>();
  databases.set(ctx.db, known);
  return known;
}

/** Everything that the driver was made from. The sealed credential changes with every sealing, so a new token is a new driver. */
function configKey(member: Member, self: OwnIdentity): string {
  const { backend, hostname, port, address, username, sealedCredential, pin, role, debug } = member;
  return JSON.stringify([
    backend,
    hostname,
    port,
    address,
    username,
    sealedCredential,
    pin,
    role,
    debug,
    self.serverId,
    self.hostname,
  ]);
}

/**
 * The member's driver; not to be closed by the caller. A change of the member makes a new one and closes the old, whose running calls end
 * with an error that is tried again.
 * @throws DriverError held while the member is disabled or paused, and once it is deleted; auth when the stored credential cannot be opened with this server's key
 */
export async function openMemberDriver(ctx: Context, member: Member): Promise<Driver> {
  const [stored] = await ctx.db.client.$queryRaw<
    (Pick<Member, "disabledAt" | "pausedUntil"> & { serverSettings: string | null })[]
  >(
    sql`SELECT m."disabledAt", m."pausedUntil", s."value" AS "serverSettings" FROM "Member" m LEFT JOIN "Setting" s ON s."key" = 'server' WHERE m."id" = ${member.id}`,
  );
  // The caller's row may be older than a pause, or than the member's end.
  if (!stored) throw new DriverError("held", member.hostname, "open", `${member.hostname} is no member any more.`);
  assertWorking({ ...stored, hostname: member.hostname });
  const self = settingsFrom("server", stored.serverSettings);
  const drivers = driversOf(ctx);
  const key = configKey(member, self);
  const known = drivers.get(member.id);
  if (known?.key === key) return known.driver;
  const driver = createMemberDriver(ctx, self, { ...member, memberId: member.id, token: openToken(ctx, member) });
  drivers.set(member.id, { key, driver });
  void known?.driver.close();
  return driver;
}

/** A credential that cannot be opened is a failure of this member like any other: it waits for somebody to enter it again. */
function openToken(ctx: Context, member: Member): string {
  try {
    return memberToken(ctx, member);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new DriverError("auth", member.hostname, "open", error.message, { cause: error });
  }
}

/** Lets go of a member that was deleted. */
export async function closeMemberDriver(ctx: Context, memberId: number): Promise<void> {
  const drivers = driversOf(ctx);
  const known = drivers.get(memberId);
  drivers.delete(memberId);
  await known?.driver.close();
}

/** Lets go of every member, when the server stops. */
export async function closeMemberDrivers(ctx: Context): Promise<void> {
  await Promise.all([...driversOf(ctx).keys()].map((memberId) => closeMemberDriver(ctx, memberId)));
}
