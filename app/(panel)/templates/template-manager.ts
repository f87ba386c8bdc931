import { notFound } from "next/navigation";
import type { UserActor } from "@/lib/access/actor";
import { can } from "@/lib/access/authorize";
import { currentActor } from "@/lib/auth/session";

/** Who asks for a page of zone templates; for everybody but root there is none. */
export async function templateManager(): Promise<UserActor> {
  const actor = await currentActor();
  if (!can(actor, "template.manage")) notFound();
  return actor;
}
