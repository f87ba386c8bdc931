import { can } from "@/lib/access/authorize";
import { runtime } from "@/lib/runtime";
import { readSettings } from "@/lib/settings/settings";
import { ZoneEditor } from "./zone-editor";
import { zoneOfPage } from "./zone-page";

interface Props {
  params: Promise<{ name: string }>;
}

export default async function ZonePage({ params }: Props) {
  const { actor, view } = await zoneOfPage((await params).name);
  const { defaultTtl } = await readSettings(runtime().db.client, "zones");
  return (
    <ZoneEditor
      key={view.name}
      name={view.name}
      seq={view.seq}
      text={view.text}
      recordCount={view.recordCount}
      problems={view.problems}
      defaultTtl={defaultTtl}
      mayWrite={can(actor, "zone.write")}
    />
  );
}
