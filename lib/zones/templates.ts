import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import type { Queryable } from "@/lib/db/database";
import { defaultTemplate } from "@/lib/dns/default-template";
import { DnsSyntaxError } from "@/lib/dns/errors";
import { expandTemplate, TEMPLATE_VARIABLES } from "@/lib/dns/template";
import { AppError } from "@/lib/errors";
import { readSettings } from "@/lib/settings/settings";
import { checkZoneText } from "./check-zone";
import type { ZoneRef } from "./commit-revision";
import type { TemplateZone } from "./schemas";
import { createZone } from "./service";
import { EXAMPLE_APEX, EXAMPLE_TTL, exampleValues, MAX_NAMESERVERS, templateValues } from "./templates-values";

/** A text with %variables% from which zones are made. */
export interface ZoneTemplate {
  /** 0: the built-in one, there until somebody saves a template. */
  readonly id: number;
  readonly name: string;
  readonly text: string;
  /** Chosen first when a zone is added. */
  readonly isDefault: boolean;
  /** Epoch milliseconds; null: built in. */
  readonly updatedAt: number | null;
}

const BUILT_IN: ZoneTemplate = { id: 0, name: "Standard", text: defaultTemplate, isDefault: true, updatedAt: null };

/** Every template, the default one first. For everybody who may add zones. @throws AppError "forbidden" */
export async function listTemplates(ctx: Context, actor: Actor): Promise<ZoneTemplate[]> {
  authorize(actor, "zone.create");
  return allTemplates(ctx);
}

async function allTemplates(ctx: Context): Promise<ZoneTemplate[]> {
  const rows = await ctx.db.client.zoneTemplate.findMany({ orderBy: [{ isDefault: "desc" }, { name: "asc" }] });
  if (rows.length === 0) return [BUILT_IN];
  return rows.map((row) => ({ ...row, updatedAt: Number(row.updatedAt) }));
}

/**
 * Adds (id 0) or changes a template. It is filled in with example values first: what cannot become a zone is refused.
 * @throws AppError "invalid-input" (`fields.text`, `details.problems`), "conflict" (`fields.name`), "not-found", "forbidden"
 */
export async function saveTemplate(
  ctx: Context,
  actor: Actor,
  input: { id: number; name: string; text: string; isDefault: boolean },
): Promise<{ id: number }> {
  authorize(actor, "template.manage");
  checkTemplate(input.text);
  const now = ctx.clock.now();
  const data = { name: input.name, text: input.text, updatedAt: BigInt(now) };
  return ctx.db.transaction(async (tx) => {
    if (input.isDefault) await tx.zoneTemplate.updateMany({ data: { isDefault: false } });
    const namesake = await tx.zoneTemplate.findFirst({ where: { name: input.name, NOT: { id: input.id } } });
    if (namesake)
      throw new AppError("conflict", `A template is called ${input.name} already. Choose another name.`, {
        fields: { name: "Another template has this name." },
      });
    if (input.id === 0) await keepBuiltIn(tx, input, now);
    const isOnly = (await tx.zoneTemplate.count({ where: { isDefault: true, NOT: { id: input.id } } })) === 0;
    const row = { ...data, isDefault: input.isDefault || isOnly };
    const { id } = input.id === 0 ? await tx.zoneTemplate.create({ data: row }) : await update(tx, input.id, row);
    const action = input.id === 0 ? "template.create" : "template.edit";
    await recordAudit(tx, actor, { at: now, action, subject: input.name });
    return { id };
  });
}

/** The built-in template becomes a row of its own as soon as there is another one, unless that one takes its place. */
async function keepBuiltIn(tx: Queryable, input: { name: string; isDefault: boolean }, now: number): Promise<void> {
  if (input.name === BUILT_IN.name || (await tx.zoneTemplate.count()) > 0) return;
  const { name, text } = BUILT_IN;
  await tx.zoneTemplate.create({ data: { name, text, isDefault: !input.isDefault, updatedAt: BigInt(now) } });
}

async function update(
  tx: Queryable,
  id: number,
  data: { name: string; text: string; updatedAt: bigint; isDefault: boolean },
) {
  const { count } = await tx.zoneTemplate.updateMany({ where: { id }, data });
  if (count === 0) throw missing();
  return { id };
}

/** Removes a template; another one becomes the default where it was. Without any the built-in one is there again. @throws AppError "not-found" */
export async function deleteTemplate(ctx: Context, actor: Actor, input: { id: number }): Promise<void> {
  authorize(actor, "template.manage");
  await ctx.db.transaction(async (tx) => {
    const row = await tx.zoneTemplate.findUnique({ where: { id: input.id } });
    if (!row) throw missing();
    await tx.zoneTemplate.delete({ where: { id: row.id } });
    const next = row.isDefault ? await tx.zoneTemplate.findFirst({ orderBy: { name: "asc" } }) : null;
    if (next) await tx.zoneTemplate.update({ where: { id: next.id }, data: { isDefault: true } });
    await recordAudit(tx, actor, { at: ctx.clock.now(), action: "template.delete", subject: row.name });
  });
}

/** The nameservers that new zones get: those of the settings, otherwise this server itself. Canonical names. */
export async function defaultNameservers(ctx: Context): Promise<string[]> {
  const { nameservers } = await readSettings(ctx.db.client, "zones");
  if (nameservers.length > 0) return nameservers.slice(0, MAX_NAMESERVERS);
  const { hostname } = await readSettings(ctx.db.client, "server");
  return hostname.includes(".") ? [`${hostname.replace(/\.$/, "").toLowerCase()}.`] : [];
}

/**
 * Adds a zone from a template.
 * @param input.nameservers empty: the default ones
 * @param input.owner username of whom the zone is to belong to; the caller when left out
 * @throws AppError "invalid-input" that names what is missing, "forbidden" for somebody who may not add zones for others, otherwise as `createZone`
 */
export async function createZoneFromTemplate(
  ctx: Context,
  actor: Actor,
  input: Omit<TemplateZone, "glue"> & { glue?: readonly string[]; owner?: string },
): Promise<ZoneRef> {
  authorize(actor, "zone.create");
  const { name, text } = await templateText(ctx, input);
  const ownerId = input.owner === undefined ? undefined : await ownerCalled(ctx, actor, input.owner);
  return createZone(ctx, actor, { name: input.name, text, reason: `From the template ${name}`, ownerId });
}

/**
 * A template filled in: the text of a zone that may not be one yet.
 * @param input.templateId left out: the default template
 * @param input.nameservers empty: the default ones
 * @throws AppError "not-found" for a template that is not there, "invalid-input" that names what is missing
 */
export async function templateText(
  ctx: Context,
  input: Omit<TemplateZone, "glue" | "templateId"> & { glue?: readonly string[]; templateId?: number },
): Promise<{ name: string; text: string }> {
  const templates = await allTemplates(ctx);
  const template = input.templateId === undefined ? templates[0] : templates.find(({ id }) => id === input.templateId);
  if (!template) throw missing();
  const settings = await readSettings(ctx.db.client, "zones");
  const nameservers = input.nameservers.length > 0 ? input.nameservers : await defaultNameservers(ctx);
  const given = { ...input, nameservers, glue: input.glue ?? [] };
  const text = fill(template.text, templateValues(given, settings, new Date(ctx.clock.now())));
  return { name: template.name, text };
}

export async function ownerCalled(ctx: Context, actor: Actor, username: string): Promise<number> {
  const { ownerId } = authorize(actor, "zone.create");
  const user = await ctx.db.client.user.findUnique({ where: { username }, select: { id: true } });
  if (ownerId !== null && user?.id !== ownerId)
    throw new AppError("forbidden", "Only root adds zones for other users: leave the owner out.");
  if (!user) throw new AppError("invalid-input", `There is no user ${username.slice(0, 100)} here. Make one first.`);
  return user.id;
}

function checkTemplate(text: string): void {
  try {
    checkZoneText(EXAMPLE_APEX, fill(text, exampleValues), EXAMPLE_TTL);
  } catch (error) {
    if (!(error instanceof AppError) || error.extra.fields) throw error;
    const message = `With example values filled in, the template is no zone yet. ${error.message}`;
    throw new AppError("invalid-input", message, { ...error.extra, fields: { text: message } });
  }
}

function fill(text: string, values: Record<string, string | number>): string {
  const { text: filled, missing } = expand(text, values);
  if (missing.length === 0) return filled;
  const known = new Set(TEMPLATE_VARIABLES.map((variable) => variable.name));
  const unknown = missing.filter((name) => !known.has(name));
  const words = (names: string[]) => names.map((name) => `%${name}%`).join(", ");
  const message =
    unknown.length > 0
      ? `There is no variable ${words(unknown)}. The list beside the template has those that there are.`
      : `The template needs a value for ${words(missing)}.`;
  throw new AppError("invalid-input", message, {
    fields:
      unknown.length > 0 ? { text: message } : Object.fromEntries(missing.map((name) => [fieldOf(name), message])),
  });
}

const fieldOf = (variable: string) =>
  variable.startsWith("nameserver") ? "nameservers" : variable === "domain" ? "name" : variable;

function expand(text: string, values: Record<string, string | number>) {
  try {
    return expandTemplate(text, values);
  } catch (error) {
    if (!(error instanceof DnsSyntaxError)) throw error;
    throw new AppError("invalid-input", error.message, { cause: error });
  }
}

function missing(): AppError {
  return new AppError("not-found", "That template is not there any more. Go back to the list of templates.");
}
