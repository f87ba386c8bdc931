import type { Metadata } from "next";
import { PageHeader } from "@/components/ui/page-header";
import { orNotFound } from "@/lib/auth/or-not-found";
import { currentActor } from "@/lib/auth/session";
import { runtime } from "@/lib/runtime";
import { readSettings } from "@/lib/settings/settings";
import { defaultNameservers, listTemplates } from "@/lib/zones/templates";
import { AddZone, type Way } from "./add-zone";

export const metadata: Metadata = { title: "Add a zone" };

interface Props {
  searchParams: Promise<{ from?: string | string[] }>;
}

const WAYS: readonly Way[] = ["template", "text", "files"];

export default async function AddZonePage({ searchParams }: Props) {
  const actor = await currentActor();
  const ctx = runtime();
  const templates = await orNotFound(listTemplates(ctx, actor));
  const [zones, server, nameservers, { from }] = await Promise.all([
    readSettings(ctx.db.client, "zones"),
    readSettings(ctx.db.client, "server"),
    defaultNameservers(ctx),
    searchParams,
  ]);
  return (
    <>
      <PageHeader crumbs={[{ href: "/zones", label: "Zones" }]} title="Add a zone" />
      <AddZone
        from={WAYS.find((way) => way === from) ?? "template"}
        templates={templates}
        nameservers={nameservers}
        addresses={server.addresses}
        contact={zones.contact}
        defaultTtl={zones.defaultTtl}
      />
    </>
  );
}
