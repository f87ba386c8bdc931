import { notFound } from "next/navigation";
import { cache } from "react";
import { zoneOfPath } from "@/components/zones/zone-path";
import { orNotFound } from "@/lib/auth/or-not-found";
import { currentActor } from "@/lib/auth/session";
import { runtime } from "@/lib/runtime";
import { getZone } from "@/lib/zones/queries";

/** The zone that an address names, read once a request. Leads to "not found" when there is none, or it is not the asker's. */
export const zoneOfPage = cache(async (param: string) => {
  const actor = await currentActor();
  const name = zoneOfPath(param);
  if (name === null) notFound();
  const view = await orNotFound(getZone(runtime(), actor, name));
  return { actor, view };
});
