import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import type { Zone } from "@/lib/dns/zone";
import { sortRRsets } from "@/lib/dns/zone-build";
import { formatZoneFile } from "@/lib/dns/zone-file";
import { readSettings } from "@/lib/settings/settings";
import { checkZoneText } from "./check-zone";
import type { ZoneRef } from "./commit-revision";
import { getZone } from "./queries";
import { replaceZone } from "./service";
import { templateText } from "./templates";

/**
 * Puts a zone back to what the default template makes of it. The addresses are those that the apex has; TXT records stay, since nobody could type
 * a lost DKIM key or proof of ownership again. The zone as it was is a revision that can be restored.
 * @throws AppError "not-found", "forbidden"; "invalid-input" when the template needs a value that the zone does not give
 */
export async function resetZone(
  ctx: Context,
  actor: Actor,
  input: { name: string; reason?: string },
): Promise<ZoneRef> {
  authorize(actor, "zone.write");
  const { zone, seq } = await getZone(ctx, actor, input.name);
  const address = (type: string) =>
    zone.rrsets.find((rrset) => rrset.owner === zone.apex && rrset.type === type)?.rdatas[0] ?? "";
  const { text } = await templateText(ctx, {
    name: input.name,
    ip: address("A"),
    ipv6: address("AAAA"),
    nameservers: [],
  });
  const { defaultTtl } = await readSettings(ctx.db.client, "zones");
  const fresh = checkZoneText(input.name, text, defaultTtl).zone;
  return replaceZone(ctx, actor, {
    name: input.name,
    text: formatZoneFile(withTexts(fresh, zone)),
    baseSeq: seq,
    reason: input.reason ?? "Reset to the template",
  });
}

/** The new zone with the old one's TXT records, where their names are free for them. */
function withTexts(fresh: Zone, old: Zone): Zone {
  const aliases = new Set(fresh.rrsets.filter(({ type }) => type === "CNAME").map(({ owner }) => owner));
  const texts = old.rrsets.filter(({ type, owner }) => type === "TXT" && !aliases.has(owner));
  const kept = new Set(texts.map(({ owner }) => owner));
  const others = fresh.rrsets.filter(({ type, owner }) => type !== "TXT" || !kept.has(owner));
  return { apex: fresh.apex, rrsets: sortRRsets(fresh.apex, [...others, ...texts]) };
}
