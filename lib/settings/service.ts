import { z } from "zod";
import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { publish } from "@/lib/live/bus";
import { addressesField, hostnameField, listenField, nameserversField } from "./fields";
import { readSettings, type Settings, type SettingsGroup, writeSettings } from "./settings";

/** A whole number as typed into a form. */
function wholeNumber(least: number, most: number, of: string) {
  const message = `Enter a whole number of ${of}, from ${least} to ${most}.`;
  return z
    .string()
    .trim()
    .regex(/^\d{1,12}$/, message)
    .transform(Number)
    .pipe(z.number().min(least, message).max(most, message));
}

/** What the settings page edits, a group a form. The cluster's group has its own page. */
export const serverInput = z.object({
  hostname: hostnameField,
  addresses: addressesField.refine((list) => list.length > 0, "Enter at least one address of this server."),
  kind: z.enum(["web-server", "dns-only"]),
});

export const nameserverInput = z.object({ listen: listenField });

export const zonesInput = z.object({
  nameservers: nameserversField,
  contact: z.union([z.literal(""), z.email("This is not an e-mail address.")]),
  /** Seconds. */
  defaultTtl: wholeNumber(0, 2_147_483_647, "seconds (a TTL, RFC 2181 §8)"),
  recycleBinDays: wholeNumber(1, 3_650, "days"),
});

/** Whole numbers; 0: never by itself. */
export const proofInput = z.object({
  sweepMinutes: wholeNumber(0, 10_080, "minutes"),
  contentHours: wholeNumber(0, 8_760, "hours"),
});

export interface PanelSettings {
  readonly server: Settings<"server">;
  readonly nameserver: Settings<"nameserver">;
  readonly zones: Settings<"zones">;
  readonly proof: Settings<"proof">;
}

/** @throws AppError "forbidden" for anyone but root. */
export async function getSettings(ctx: Context, actor: Actor): Promise<PanelSettings> {
  authorize(actor, "settings.manage");
  const db = ctx.db.client;
  const [server, nameserver, zones, proof] = await Promise.all([
    readSettings(db, "server"),
    readSettings(db, "nameserver"),
    readSettings(db, "zones"),
    readSettings(db, "proof"),
  ]);
  return { server, nameserver, zones, proof };
}

/** Hostname, addresses and kind. @throws AppError "forbidden" */
export function setServer(
  ctx: Context,
  actor: Actor,
  input: z.output<typeof serverInput>,
): Promise<Settings<"server">> {
  return change(ctx, actor, "server", input);
}

/** Where the supervised nameserver listens; empty: as the environment or the default says. It is read at start. @throws AppError "forbidden" */
export function setNameserver(
  ctx: Context,
  actor: Actor,
  input: z.output<typeof nameserverInput>,
): Promise<Settings<"nameserver">> {
  return change(ctx, actor, "nameserver", input);
}

/** What new zones start with, and how long deleted ones rest. @throws AppError "forbidden" */
export function setZoneDefaults(
  ctx: Context,
  actor: Actor,
  input: z.output<typeof zonesInput>,
): Promise<Settings<"zones">> {
  return change(ctx, actor, "zones", input);
}

/** How often it is looked over DNS at what nameservers serve. It counts from the next second on. @throws AppError "forbidden" */
export function setProof(ctx: Context, actor: Actor, input: z.output<typeof proofInput>): Promise<Settings<"proof">> {
  return change(ctx, actor, "proof", input);
}

async function change<G extends SettingsGroup>(
  ctx: Context,
  actor: Actor,
  group: G,
  changes: Partial<Settings<G>>,
): Promise<Settings<G>> {
  authorize(actor, "settings.manage");
  const settings = await ctx.db.transaction(async (tx) => {
    await recordAudit(tx, actor, { at: ctx.clock.now(), action: `settings.${group}`, subject: group, detail: changes });
    return writeSettings(tx, group, changes);
  });
  publish("nameserver");
  return settings;
}
