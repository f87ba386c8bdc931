import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ReplaceForm } from "@/components/changes/replace-form";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/access/authorize";
import { currentActor } from "@/lib/auth/session";

export const metadata: Metadata = { title: "Edit many zones" };

export default async function ReplacePage() {
  const actor = await currentActor();
  if (!can(actor, "zone.write")) notFound();
  return (
    <>
      <PageHeader
        title="Edit many zones"
        crumbs={[{ href: "/zones", label: "Zones" }]}
        description={`Replaces one value by another in ${actor.role === "root" ? "every zone" : "all of your zones"} that has it: an address that moved, a mail server with a new name.`}
      />
      <Card>
        <ReplaceForm />
      </Card>
    </>
  );
}
