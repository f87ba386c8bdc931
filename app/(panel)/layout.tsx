import type { ReactNode } from "react";
import { HeldBanner } from "@/components/cluster/held-banner";
import { navigationFor } from "@/components/shell/navigation";
import { Shell } from "@/components/shell/shell";
import { can } from "@/lib/access/authorize";
import { currentActor } from "@/lib/auth/session";
import { heldMembers } from "@/lib/members/queries-held";
import { zonesNotEverywhere } from "@/lib/proof/queries-everywhere";
import { runtime } from "@/lib/runtime";
import { readSettings } from "@/lib/settings/settings";

export default async function PanelLayout({ children }: { children: ReactNode }) {
  const actor = await currentActor();
  const ctx = runtime();
  const [{ hostname, kind }, held] = await Promise.all([
    readSettings(ctx.db.client, "server"),
    can(actor, "cluster.manage") ? heldMembers(ctx, actor) : [],
  ]);
  const { state } = ctx.nameserver();
  const notEverywhere = can(actor, "zone.read") ? await zonesNotEverywhere(ctx, actor) : 0;
  return (
    <Shell
      groups={navigationFor(actor)}
      user={{ username: actor.username, role: actor.role }}
      server={{ hostname, kind, nameserver: state }}
      notEverywhere={notEverywhere}
    >
      <HeldBanner members={held} />
      {children}
    </Shell>
  );
}
