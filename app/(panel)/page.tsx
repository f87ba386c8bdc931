import { PageHeader } from "@/components/ui/page-header";
import { currentActor } from "@/lib/auth/session";

export default async function OverviewPage() {
  await currentActor();
  return <PageHeader title="Overview" />;
}
