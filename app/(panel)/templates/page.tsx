import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import { runtime } from "@/lib/runtime";
import { listTemplates } from "@/lib/zones/templates";
import { templateManager } from "./template-manager";

export const metadata: Metadata = { title: "Zone templates" };

export default async function TemplatesPage() {
  const templates = await listTemplates(runtime(), await templateManager());
  return (
    <>
      <PageHeader
        title="Zone templates"
        description="What a new zone holds. The default one is offered first."
        actions={
          <Button variant="primary" asChild>
            <Link href="/templates/new">
              <Plus aria-hidden="true" /> Add a template
            </Link>
          </Button>
        }
      />
      <Card flush>
        <Table label="Zone templates">
          <TableHead>
            <tr>
              <HeadCell>Name</HeadCell>
              <HeadCell>Changed</HeadCell>
            </tr>
          </TableHead>
          <TableBody>
            {templates.map((template) => (
              <Row key={template.id}>
                <RowHeader>
                  <span className="flex items-center gap-2">
                    <Link href={`/templates/${template.id}`} className="target hover:underline">
                      <bdi>{template.name}</bdi>
                    </Link>
                    {template.isDefault && <Badge tone="accent">default</Badge>}
                  </span>
                </RowHeader>
                <Cell>{template.updatedAt === null ? "Built in" : <RelativeTime at={template.updatedAt} />}</Cell>
              </Row>
            ))}
          </TableBody>
        </Table>
      </Card>
    </>
  );
}
