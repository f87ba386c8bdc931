import type { ReactNode } from "react";
import { navigationFor } from "@/components/shell/navigation";
import { Shell } from "@/components/shell/shell";
import { currentActor } from "@/lib/auth/session";
import { runtime } from "@/lib/runtime";
import { readSettings } from "@/lib/settings/settings";

export default async function PanelLayout({ children }: { children: ReactNode }) {
  const actor = await currentActor();
  const ctx = runtime();
  const { hostname, kind } = await readSettings(ctx.db.client, "server");
  const { state } = ctx.nameserver();
  return (
    <Shell
      groups={navigationFor(actor)}
      user={{ username: actor.username, role: actor.role }}
      server={{ hostname, kind, nameserver: state }}
    >
      {children}
    </Shell>
  );
}
