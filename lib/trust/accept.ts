import type { UserActor } from "@/lib/access/actor";
import { authorize, can } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import { setClusterEnabled } from "@/lib/cluster/settings";
import type { Context } from "@/lib/context";
import { probeCertificate } from "@/lib/drivers/http/probe-certificate";
import { resolveMember } from "@/lib/drivers/http/resolve-member";
import { AppError, DriverError } from "@/lib/errors";
import { backendOf } from "@/lib/members/backends";
import { formatMemberHost } from "@/lib/members/member-host";
import { newMemberSchema } from "@/lib/members/schemas";
import { addMember, updateMember } from "@/lib/members/service";
import { readSettings } from "@/lib/settings/settings";
import type { Member } from "@/prisma/generated/sqlite/client";

/** What another server says of itself when it asks to be stored here as a member. */
export interface TrustRequest {
  /** Host as the member form takes it, perhaps with a port. */
  readonly host: string;
  readonly username: string;
  readonly token: string;
  /** Pin of its certificate; undefined: it names none, as WHM does. */
  readonly pin?: string;
  /** Identity of a Zonefleet server. */
  readonly serverId?: string;
  /** Where the call came from. */
  readonly address: string;
}

const WHM = backendOf("whm");

/**
 * Stores the server that asks as a member with the role Standalone, with the token that it gave. The way back is gone whole, with that token, before anything
 * is stored or promised (`addMember`). A member that is stored already keeps its role, host and certificate, and gets the new token: where zones are sent to
 * is not for a call to change. Nothing is set up in the other direction, so no two servers can go round in circles.
 * @returns the member's host
 * @throws AppError "forbidden", "invalid-input", "conflict"
 */
export async function acceptTrust(ctx: Context, actor: UserActor, request: TrustRequest): Promise<string> {
  authorize(actor, "cluster.manage");
  const known = await knownMember(ctx, actor, request);
  if (known) await renew(ctx, actor, known, request);
  else await add(ctx, actor, request);
  const at = ctx.clock.now();
  await ctx.db.transaction((tx) =>
    recordAudit(tx, actor, { at, action: "trust.accept", subject: request.host, detail: { from: request.address } }),
  );
  return known?.hostname ?? request.host;
}

async function knownMember(ctx: Context, { userId }: UserActor, request: TrustRequest): Promise<Member | null> {
  // A hosted service never calls, whoever names its host.
  const own = { ownerId: userId, account: "" };
  if (request.serverId !== undefined) {
    const same = await ctx.db.client.member.findFirst({ where: { ...own, serverId: request.serverId } });
    if (same) return same;
  }
  const { hostname, port } = read(request, "");
  const entered = await ctx.db.client.member.findFirst({ where: { ...own, hostname } });
  if (entered) return entered;
  // A WHM has no identity, and may be stored under another spelling: by its name where it names its address, or the reverse. Servers behind one address
  // differ in their ports; where two entries fit, nobody knows which of them asks.
  const spelled = await ctx.db.client.member.findMany({
    where: {
      ...own,
      backend: WHM.value,
      serverId: null,
      OR: [{ remoteHostname: hostname }, { address: hostname, port }],
    },
    take: 2,
  });
  return spelled.length === 1 ? (spelled[0] ?? null) : null;
}

async function renew(ctx: Context, actor: UserActor, member: Member, { username, token }: TrustRequest): Promise<void> {
  const { id, pin, debug } = member;
  const host = formatMemberHost(member, WHM.defaultPort);
  const form = { ...read({ host, username, token }, pin ?? ""), debug };
  await updateMember(ctx, actor, { ...form, id, role: member.role as typeof form.role });
}

async function add(ctx: Context, actor: UserActor, request: TrustRequest): Promise<void> {
  const isFirst = (await ctx.db.client.member.count()) === 0;
  const input = read(request, "");
  const pin = request.pin ?? (await pinAtFirstContact(ctx, input, request.address));
  await addMember(ctx, actor, read(request, pin ?? ""));
  // A cluster that never had a member is disabled because nobody needed it yet, not because somebody stopped it. It is root's to enable.
  const { isEnabled } = await readSettings(ctx.db.client, "cluster");
  if (isFirst && !isEnabled && can(actor, "cluster.settings")) await setClusterEnabled(ctx, actor, true);
}

/** @throws AppError "invalid-input" */
function read({ host, username, token }: Pick<TrustRequest, "host" | "username" | "token">, pin: string) {
  const form = { backend: WHM.value, host, username, token, role: "standalone" as const, pin };
  const parsed = newMemberSchema.safeParse(form);
  if (parsed.success) return parsed.data;
  throw new AppError("invalid-input", parsed.error.issues[0]?.message ?? "The server that asks cannot be read.");
}

/**
 * Which certificate to trust of a server that asked to be stored and named none.
 *
 * One that is named is the safest: the call came over TLS that the caller checked, with a token of root's, so nobody between the two servers could put
 * another pin into it, while a certificate that is looked at on the way back is whatever answers there. WHM names none. Then the system's roots decide; and
 * where they do not vouch for it, which is usual between WHM servers, what answers is accepted once, at the very address that the call came from: whoever
 * could answer there in its place would have to stand on the path in this second, and gets a token that root can revoke. The pin is shown on the member's
 * page, to be compared.
 */
async function pinAtFirstContact(
  ctx: Context,
  { hostname, port }: { hostname: string; port: number },
  from: string,
): Promise<string | null> {
  try {
    const address = await resolveMember(hostname, ctx.env.allowedMemberNetworks);
    const certificate = await probeCertificate({ address, port, serverName: hostname });
    if (certificate.isTrusted) return null;
    if (address === from) return certificate.pin;
    const message = `The certificate of ${hostname} is not trusted here: ${certificate.distrust}. The call came from ${from}, not from ${address}, so it cannot be accepted unseen: add ${hostname} on this server's page DNS Cluster.`;
    throw new AppError("invalid-input", message);
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    throw new AppError("invalid-input", error.message, { cause: error });
  }
}
