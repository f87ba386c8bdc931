import type { Metadata } from "next";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { currentActor } from "@/lib/auth/session";
import { toUnicode } from "@/lib/dns/name";
import { getMetricsSettings } from "@/lib/metrics/settings";
import { getChannels } from "@/lib/notifications/channel-settings";
import { getSubscription } from "@/lib/notifications/subscription";
import { runtime } from "@/lib/runtime";
import { getSettings } from "@/lib/settings/service";
import { MailForm } from "./mail-form";
import { MetricsForm } from "./metrics-form";
import { NameserverForm } from "./nameserver-form";
import { ProofForm } from "./proof-form";
import { ServerForm } from "./server-form";
import { TestMail } from "./test-mail";
import { WebhookForm } from "./webhook-form";
import { ZonesForm } from "./zones-form";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage() {
  const actor = await currentActor("settings.manage");
  const ctx = runtime();
  const { server, nameserver, zones, proof } = await getSettings(ctx, actor);
  const [{ mail, webhook }, { email }, metrics] = await Promise.all([
    getChannels(ctx, actor),
    getSubscription(ctx, actor),
    getMetricsSettings(ctx, actor),
  ]);
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
        <Card
          title="What is really served"
          description="After every change nameservers are asked over DNS until they answer with it. After that they are looked at again and again: a zone may be lost, or changed by somebody else."
        >
          <ProofForm {...proof} />
        </Card>
        <Card
          title="Notifications by mail"
          description="The server that takes mails from this one. Who is told of what, everybody chooses on the page Account."
        >
          <MailForm {...mail} hostname={server.hostname} />
          {mail.host !== "" && <TestMail to={email} />}
        </Card>
        <Card
          title="Notifications to a webhook"
          description="Every notice as JSON, signed. For chats and alerting systems."
        >
          <WebhookForm url={webhook.url} />
        </Card>
        <Card
          title="Metrics"
          description="For Prometheus, at /metrics of this panel. They name the cluster's servers, and no zone."
        >
          <MetricsForm {...metrics} allowed={metrics.allowed.join("\n")} />
        </Card>
      </div>
    </>
  );
}

function formatListen({ address, port }: { address: string; port: number }): string {
  return `${address}@${port}`;
}
