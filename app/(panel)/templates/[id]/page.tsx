import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { PageHeader } from "@/components/ui/page-header";
import { defaultTemplate } from "@/lib/dns/default-template";
import { runtime } from "@/lib/runtime";
import { listTemplates } from "@/lib/zones/templates";
import { templateManager } from "../template-manager";
import { TemplateForm } from "./template-form";

export const metadata: Metadata = { title: "Zone template" };

interface Props {
  params: Promise<{ id: string }>;
}

export default async function TemplatePage({ params }: Props) {
  const actor = await templateManager();
  const { id } = await params;
  const templates = await listTemplates(runtime(), actor);
  const isNew = id === "new";
  const template = isNew
    ? { id: 0, name: "", text: defaultTemplate, isDefault: false, updatedAt: null }
    : templates.find((candidate) => String(candidate.id) === id);
  if (!template) notFound();
  return (
    <>
      <PageHeader
        crumbs={[{ href: "/templates", label: "Zone templates" }]}
        title={isNew ? "Add a template" : <bdi>{template.name}</bdi>}
      />
      <TemplateForm template={template} isOnly={template.isDefault && templates.length === 1} />
    </>
  );
}
