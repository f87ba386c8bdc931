import type { Metadata } from "next";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { currentActor } from "@/lib/auth/session";
import { toUnicode } from "@/lib/dns/name";
import { runtime } from "@/lib/runtime";
import { getSettings } from "@/lib/settings/service";
import { NameserverForm } from "./nameserver-form";
import { ServerForm } from "./server-form";
import { ZonesForm } from "./zones-form";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage() {
  const actor = await currentActor("settings.manage");
  const ctx = runtime();
  const { server, nameserver, zones } = await getSettings(ctx, actor);
  const inUse = ctx.nameserver().listen.map(formatListen);
  return (
    <>
      <PageHeader title="Settings" />
      <div className="grid max-w-3xl gap-4">
        <Card title="This server">
          <ServerForm hostname={server.hostname} addresses={server.addresses.join("\n")} kind={server.kind} />
        </Card>
        <Card title="Local nameserver" description="Changes take effect at the next start of the panel.">
          <NameserverForm
            listen={nameserver.listen.map(formatListen).join("\n")}
            inUse={inUse}
            fromEnvironment={ctx.env.dnsListen.length > 0}
          />
        </Card>
        <Card title="New zones and the recycle bin">
          <ZonesForm
            nameservers={zones.nameservers.map(toUnicode).join("\n")}
            contact={zones.contact}
            defaultTtl={zones.defaultTtl}
            recycleBinDays={zones.recycleBinDays}
          />
        </Card>
      </div>
    </>
  );
}

function formatListen({ address, port }: { address: string; port: number }): string {
  return `${address}@${port}`;
}
