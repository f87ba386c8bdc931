import { z } from "zod";
import { type Queryable, type RawQueryable, sql } from "@/lib/db/database";

const dnsAddress = z.object({ address: z.union([z.ipv4(), z.ipv6()]), port: z.number().int().min(1).max(65_535) });

/** Every setting with its shape and default. Stored one row a group, as JSON. */
const GROUPS = {
  server: z.object({
    /** Random identity, made at first start: two members with one identity are one server. */
    serverId: z.string().default(""),
    hostname: z.string().default(""),
    /** Public addresses of this server; the first one is its main address. */
    addresses: z.array(z.string()).default([]),
    kind: z.enum(["web-server", "dns-only"]).default("web-server"),
    /** Set when root has a password and the server has a name. */
    isSetUp: z.boolean().default(false),
  }),
  nameserver: z.object({ listen: z.array(dnsAddress).default([]) }),
  cluster: z.object({
    isEnabled: z.boolean().default(false),
    /** Failed commands in a row before a member is disabled; 0: keep all cluster members online at all times. */
    failureThreshold: z.number().int().min(0).max(100_000).default(10),
    notifyOnDisable: z.boolean().default(true),
    /** Enable a disabled member when it answers again, instead of by hand only. */
    autoEnable: z.boolean().default(false),
  }),
  trustedIps: z.object({
    /**
     * Member calls from other addresses are refused. On for servers that are set up from now on (lib/users/setup); off for those from before, whose members
     * call from wherever they are.
     */
    isEnforced: z.boolean().default(false),
    /** Addresses and CIDRs that root trusts beside the automatic ones, as in WHM's /etc/ips.remotedns. */
    manual: z.array(z.string()).default([]),
  }),
  mail: z.object({
    /** Of the SMTP server; empty: no mail leaves. */
    host: z.string().default(""),
    port: z.number().int().min(1).max(65_535).default(587),
    /** "tls": from the first byte on (RFC 8314); "starttls": asked for, and required; "none": in the clear. */
    security: z.enum(["starttls", "tls", "none"]).default("starttls"),
    /** Empty: without signing in. */
    username: z.string().default(""),
    /** Sealed with the server's key for the purpose "mail". */
    sealedPassword: z.string().default(""),
    /** The address mails come from; empty: zonefleet@ the server's hostname. */
    from: z.string().default(""),
    /** PEM: the certificate that vouches for the mail server's; empty: the system's roots do. */
    authority: z.string().default(""),
  }),
  webhook: z.object({
    /** https://…; empty: there is none. May hold a secret in its path. */
    url: z.string().default(""),
    /** Signs what is sent; sealed with the server's key for the purpose "webhook". */
    sealedSecret: z.string().default(""),
  }),
  proof: z.object({
    /** In which time every zone is asked for at every nameserver, minutes; 0: never by itself. */
    sweepMinutes: z.number().int().min(0).max(10_080).default(15),
    /** In which time the content of every zone is compared at every nameserver, hours; 0: never by itself. */
    contentHours: z.number().int().min(0).max(8_760).default(24),
  }),
  metrics: z.object({
    /** Whether there are any to be had at /metrics. */
    isEnabled: z.boolean().default(false),
    /** Addresses and CIDRs from which they are read without the token. */
    allowed: z.array(z.string()).default(["127.0.0.1", "::1"]),
    /** SHA-256, hex; empty: there is no token. */
    tokenHash: z.string().default(""),
  }),
  zones: z.object({
    /** Nameservers that templates put into new zones, absolute with the final dot. */
    nameservers: z.array(z.string()).default([]),
    /** Mailbox for the SOA's RNAME, as an e-mail address; empty: hostmaster@ the zone. */
    contact: z.string().default(""),
    defaultTtl: z.number().int().min(0).max(2_147_483_647).default(14_400),
    recycleBinDays: z.number().int().min(1).max(3_650).default(30),
  }),
} as const;

export type SettingsGroup = keyof typeof GROUPS;
export type Settings<G extends SettingsGroup> = z.infer<(typeof GROUPS)[G]>;

/** What was read last of each group: asked for with every edit, and the same nearly always. Checking a group costs more than reading its row. */
const lastRead = new Map<SettingsGroup, { readonly value: string; readonly settings: Settings<SettingsGroup> }>();

/** Reads one group; what was never set has its default. Not to be changed by whoever asks: others get the same object. */
export async function readSettings<G extends SettingsGroup>(db: RawQueryable, group: G): Promise<Settings<G>> {
  const [row] = await db.$queryRaw<{ value: string }[]>(sql`SELECT "value" FROM "Setting" WHERE "key" = ${group}`);
  return settingsFrom(group, row?.value ?? null);
}

/** The settings in a group's row, for whoever reads it beside others. @param value null: there is no row */
export function settingsFrom<G extends SettingsGroup>(group: G, value: string | null): Settings<G> {
  const text = value ?? "{}";
  const last = lastRead.get(group);
  if (last?.value === text) return last.settings as Settings<G>;
  const settings = GROUPS[group].parse(JSON.parse(text)) as Settings<G>;
  Object.freeze(settings);
  lastRead.set(group, { value: text, settings });
  return settings;
}

/** Changes some fields of a group inside the caller's transaction, and keeps everybody else out of the group until its end. @throws ZodError when a value does not fit. */
export async function writeSettings<G extends SettingsGroup>(
  tx: Queryable,
  group: G,
  changes: Partial<Settings<G>>,
): Promise<Settings<G>> {
  // On PostgreSQL two who change different fields at once would each write back what they read.
  await tx.$executeRaw`
    INSERT INTO "Setting" ("key", "value") VALUES (${group}, '{}') ON CONFLICT ("key") DO UPDATE SET "value" = "Setting"."value"`;
  const next = GROUPS[group].parse({ ...(await readSettings(tx, group)), ...changes }) as Settings<G>;
  const value = JSON.stringify(next);
  await tx.setting.update({ where: { key: group }, data: { value } });
  return next;
}
