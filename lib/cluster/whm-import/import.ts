import { createHash } from "node:crypto";
import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import type { Queryable } from "@/lib/db/database";
import { AppError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { type ConnectionRequest, checkConnection } from "@/lib/members/check-connection";
import type { MemberProblem } from "@/lib/members/connection-problem";
import { connectionRequest } from "@/lib/members/connection-request";
import type { DnsRole } from "@/lib/members/dns-role";
import { newMemberSchema } from "@/lib/members/schemas";
import { insertMember } from "@/lib/members/service";
import { readSettings, type Settings, writeSettings } from "@/lib/settings/settings";
import { type ImportAccount, type ImportScope, importScope, WHM_ROOT } from "./accounts";
import { type ConfigSource, readConfigFiles } from "./config-files";
import { readWhmConfig, type WhmConfig, type WhmNode } from "./whm-config";

/**
 * Takes over the DNS cluster of a WHM server: first a plan that says of every part what importing it does and what is in the way, then all that was ticked in
 * one transaction. For root alone: it reads files of this server, and changes what holds for all. The files are read anew for each step: tokens never go to the browser, and nothing is kept between.
 */

/** A server of the plan. */
export interface PlannedMember {
  readonly key: string;
  /** The account whose cluster it joins; null: that of whoever imports. */
  readonly account: string | null;
  /** The reseller of WHM's whose entry it is, where there is no such account here: it has to be created first. */
  readonly missingAccount: string | null;
  readonly host: string;
  readonly username: string;
  readonly role: DnsRole;
  readonly debug: boolean;
  readonly hasToken: boolean;
  /** What has to be known before it is imported. */
  readonly notes: readonly string[];
  /** Why it cannot be imported at all; null when it can. */
  readonly obstacle: string | null;
  /** What the test of its connection found in the way; null when it answers as it should, or was not tested for want of a token. */
  readonly problem: MemberProblem | null;
}

/** Options of the cluster that can be taken over. */
export type ImportOption = "isEnabled" | "failureThreshold" | "notifyOnDisable";

export interface PlannedOption {
  readonly option: ImportOption;
  readonly before: number | boolean;
  readonly after: number | boolean;
}

export interface ImportPlan {
  /** The account whose entries alone are imported; null: everybody's, and what holds for all. */
  readonly only: string | null;
  /** Of what was read: what is applied is what was reviewed. */
  readonly digest: string;
  readonly members: readonly PlannedMember[];
  /** Only those that would change. */
  readonly options: readonly PlannedOption[];
  /**
   * Addresses that WHM's administrator trusted by hand and this server does not yet. Those that WHM trusts by itself are its members', and so they are here.
   */
  readonly trustedIps: readonly string[];
}

/** A server that was ticked, with what was missing. */
export interface ImportChoice {
  readonly key: string;
  /** Empty: the one of the configuration. */
  readonly token: string;
  /** The accepted certificate's pin; empty: checked against the system's roots. */
  readonly pin: string;
}

export interface ImportRequest {
  readonly source: ConfigSource;
  /** "Managing DNS cluster as": the entries of this account alone. */
  readonly accountId?: number;
  readonly digest: string;
  readonly members: readonly ImportChoice[];
  readonly options: readonly ImportOption[];
  readonly trustedIps: boolean;
}

export type ImportResult =
  | { readonly applied: true; readonly members: number }
  /** Nothing was changed: what is in the way, by key. */
  | { readonly applied: false; readonly problems: Readonly<Record<string, MemberProblem>> };

const MAX_MEMBERS = 500;
/** Connection tests at once. */
const PARALLEL = 8;

/**
 * Reads a configuration and says what importing it would do. Changes nothing.
 * @param accountId "Managing DNS cluster as": the entries of this account alone
 * @throws AppError "forbidden"; "not-found" for an account that does not exist; "invalid-input" for a source that cannot be read
 */
export async function reviewImport(
  ctx: Context,
  actor: Actor,
  source: ConfigSource,
  accountId?: number,
): Promise<ImportPlan> {
  authorize(actor, "settings.manage");
  const { config, digest } = await read(source);
  const scope = await importScope(ctx, actor, accountId, config);
  const settings = await readSettings(ctx.db.client, "cluster");
  const nodes = config.nodes.filter((node) => isMeant(node, scope));
  const members = await inParallel(nodes, (node) => planMember(ctx, actor, node, scope));
  const isForAll = scope.only === null;
  const options = isForAll ? planOptions(config, settings) : [];
  const trustedIps = isForAll ? await newTrustedIps(ctx.db.client, config) : [];
  return { only: scope.only, digest, members, options, trustedIps };
}

function isMeant({ user }: WhmNode, { only }: ImportScope): boolean {
  return only === null || user === only;
}

async function read(source: ConfigSource): Promise<{ config: WhmConfig; digest: string }> {
  const files = await readConfigFiles(source);
  const config = readWhmConfig(files);
  if (config.nodes.length > MAX_MEMBERS)
    throw new AppError("invalid-input", `The configuration has more than ${MAX_MEMBERS} servers.`);
  const digest = createHash("sha256").update(JSON.stringify(config)).digest("base64url");
  return { config, digest };
}

async function planMember(ctx: Context, actor: Actor, node: WhmNode, scope: ImportScope): Promise<PlannedMember> {
  const { key, host, username, debug, token, isDown } = node;
  const role = node.role ?? "standalone";
  const obstacle = obstacleOf(node, scope);
  const account = scope.accounts.get(node.user);
  const owner = { account: account?.username ?? null, missingAccount: isHomeless(node, scope) ? node.user : null };
  const planned = { key, ...owner, host, username, role, debug, hasToken: token !== "", obstacle, problem: null };
  const notes = [
    ...(node.role === null ? ["No DNS role was recorded: Standalone sends it nothing until you choose another."] : []),
    ...(account && !account.mayCluster
      ? [`${account.username} does not have the privilege clustering here: only root can look after it.`]
      : []),
    ...(isDown ? ["WHM had disabled it after repeated failures."] : []),
    ...(token === "" ? ["The configuration holds no token: enter one."] : []),
  ];
  if (obstacle !== null) return { ...planned, notes: [] };
  if (token === "") return { ...planned, notes };
  const check = await checkConnection(ctx, await requestOf(ctx, actor, node, account, { key, token: "", pin: "" }));
  return { ...planned, notes, problem: check.ok ? null : check.problem };
}

/** Why an entry cannot become a member here, whatever is entered. */
function obstacleOf(node: WhmNode, scope: ImportScope): string | null {
  if (isHomeless(node, scope))
    return `It belongs to the cluster of the reseller ${node.user}, and there is no account of that name here.`;
  if (node.module.toLowerCase() !== "cpanel")
    return `Its backend is ${node.module}. Add it by hand if this server offers that backend.`;
  const form = formOf(node, { key: node.key, token: "x", pin: "" });
  return form.success ? null : (form.error.issues[0]?.message ?? "The entry cannot be read.");
}

/** Whether it is a reseller's of WHM who has no account here. */
function isHomeless({ user }: WhmNode, { accounts }: ImportScope): boolean {
  return user !== WHM_ROOT && !accounts.has(user);
}

function formOf(node: WhmNode, { token, pin }: ImportChoice) {
  const { host, username, debug } = node;
  const role = node.role ?? "standalone";
  return newMemberSchema.safeParse({ backend: "whm", host, username, token: token || node.token, debug, role, pin });
}

async function requestOf(
  ctx: Context,
  actor: Actor,
  node: WhmNode,
  account: ImportAccount | undefined,
  choice: ImportChoice,
): Promise<ConnectionRequest> {
  const form = formOf(node, choice);
  if (form.success)
    return connectionRequest(ctx, actor, { ...form.data, ...(account ? { accountId: account.id } : {}) });
  throw new AppError("invalid-input", `${node.host}: ${form.error.issues[0]?.message ?? "it cannot be read."}`);
}

function planOptions(config: WhmConfig, settings: Settings<"cluster">): PlannedOption[] {
  const wanted: readonly (readonly [ImportOption, number | boolean | null])[] = [
    // A file that is not in the archive is no reason to switch clustering off.
    ["isEnabled", config.isEnabled ? true : null],
    ["failureThreshold", config.failureThreshold],
    ["notifyOnDisable", config.notifyOnDisable],
  ];
  return wanted.flatMap(([option, after]) =>
    after === null || after === settings[option] ? [] : [{ option, before: settings[option], after }],
  );
}

async function newTrustedIps(db: Queryable, config: WhmConfig): Promise<string[]> {
  const { manual } = await readSettings(db, "trustedIps");
  return config.trustedIps.filter((address) => !manual.includes(address));
}

/**
 * Carries out what was ticked: every server is tested first, as when it is added by hand; if one cannot be added, nothing is.
 * @throws AppError "forbidden"; "conflict" when the source is not what was reviewed; "invalid-input" for a choice that the plan does not offer
 */
export async function applyImport(ctx: Context, actor: Actor, request: ImportRequest): Promise<ImportResult> {
  authorize(actor, "settings.manage");
  const { config, digest } = await read(request.source);
  if (digest !== request.digest)
    throw new AppError("conflict", "The configuration was changed since you reviewed it. Review it again.");
  const scope = await importScope(ctx, actor, request.accountId, config);
  const tested = await inParallel(request.members, async (choice) => {
    const node = config.nodes.find(({ key }) => key === choice.key);
    if (!node || !isMeant(node, scope) || obstacleOf(node, scope) !== null)
      throw new AppError("invalid-input", "The plan does not offer that server.");
    const connection = await requestOf(ctx, actor, node, scope.accounts.get(node.user), choice);
    return { key: choice.key, connection, check: await checkConnection(ctx, connection) };
  });
  const problems = tested.flatMap(({ key, check }) => (check.ok ? [] : [[key, check.problem] as const]));
  if (problems.length > 0) return { applied: false, problems: Object.fromEntries(problems) };
  const settings = await readSettings(ctx.db.client, "cluster");
  const isForAll = scope.only === null;
  const options = isForAll
    ? planOptions(config, settings).filter(({ option }) => request.options.includes(option))
    : [];
  await ctx.db.transaction(async (tx) => {
    for (const { connection, check } of tested) if (check.ok) await insertMember(ctx, actor, connection, check)(tx);
    const changes = Object.fromEntries(options.map(({ option, after }) => [option, after]));
    if (options.length > 0) await writeSettings(tx, "cluster", changes);
    const trustedIps = request.trustedIps && isForAll ? await newTrustedIps(tx, config) : [];
    if (trustedIps.length > 0) {
      const { manual } = await readSettings(tx, "trustedIps");
      await writeSettings(tx, "trustedIps", { manual: [...manual, ...trustedIps] });
    }
    const detail = { members: tested.map(({ connection }) => connection.hostname), ...changes, trustedIps };
    await recordAudit(tx, actor, {
      at: ctx.clock.now(),
      action: "cluster.import",
      subject: scope.only ?? "cluster",
      detail,
    });
  });
  publish("cluster");
  ctx.wake();
  return { applied: true, members: tested.length };
}

/** Results in the order of the items. */
async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index] as T);
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, items.length) }, worker));
  return results;
}
