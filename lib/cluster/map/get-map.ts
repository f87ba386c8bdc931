import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { backendOf } from "@/lib/members/backends";
import { type Held, heldBack } from "@/lib/members/held";
import { memberName } from "@/lib/members/member-name";
import { readSettings } from "@/lib/settings/settings";
import type { Member } from "@/prisma/generated/sqlite/client";
import { type Advice, advise } from "./advice";
import { buildMap, type ClusterMap } from "./cluster-map";
import { knownPaths, rootMembers } from "./known-paths";
import { panelUrl } from "./panel-url";

/** How a server of the map stands to this one. */
export interface MapMember {
  readonly memberId: number;
  /** Where its own panel is, when it is a Zonefleet server; null: not known. */
  readonly panel: string | null;
  /** Epoch milliseconds; null: it was not asked yet, or never answered. */
  readonly askedAt: number | null;
  readonly answeredAt: number | null;
  /** Why it did not answer the last time it was asked; null: it did. */
  readonly error: string | null;
  /** It is not asked while it is disabled or paused, with since when; null: it is asked. */
  readonly held: { readonly why: Held; readonly since: number } | null;
}

export interface MapPage extends ClusterMap {
  readonly isEnabled: boolean;
  readonly advice: readonly Advice[];
  /** This server's own members, by key. Servers without an entry are known by what others say. */
  readonly members: Readonly<Record<string, MapMember>>;
}

/** What the cluster map shows, from what is stored: nobody is waited for. @throws AppError "forbidden" unless root asks */
export async function getMap(ctx: Context, actor: Actor): Promise<MapPage> {
  authorize(actor, "cluster.settings");
  const [{ isEnabled }, paths, members] = await Promise.all([
    readSettings(ctx.db.client, "cluster"),
    knownPaths(ctx, memberName),
    rootMembers(ctx),
  ]);
  const ids = members.map(({ id }) => id);
  const asked = await ctx.db.client.memberPaths.findMany({ where: { memberId: { in: ids } } });
  // A member that is no Zonefleet server is told by its name; those are known by more than one.
  const identities = new Map<string, string>();
  for (const member of members)
    for (const name of namesOf(member))
      if (name !== "")
        identities.set(name.toLowerCase(), member.serverId ?? `host:${memberName(member).toLowerCase()}`);
  const map = buildMap(paths, identities);
  const byMember = new Map(asked.map((row) => [row.memberId, row]));
  const entries = members.map((member): [string, MapMember] => {
    const row = byMember.get(member.id);
    return [
      identities.get(memberName(member).toLowerCase()) ?? "",
      {
        memberId: member.id,
        panel: member.serverId === null ? null : panelUrl(member),
        askedAt: row ? Number(row.askedAt) : null,
        answeredAt: row?.answeredAt ? Number(row.answeredAt) : null,
        error: row?.error ?? null,
        held: heldSince(member),
      },
    ];
  });
  return { ...map, isEnabled, advice: advise(map), members: Object.fromEntries(entries) };
}

/** Accounts of a hosted service share its host. */
function namesOf(member: Member): string[] {
  const { hostname, address, remoteHostname } = member;
  return backendOf(member.backend).isService ? [memberName(member)] : [hostname, address, remoteHostname];
}

function heldSince(member: Member): MapMember["held"] {
  const why = heldBack(member);
  return why && { why, since: Number(why === "disabled" ? member.disabledAt : member.pausedAt) };
}
