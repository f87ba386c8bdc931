import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { AppError } from "@/lib/errors";

/** The map shows the whole cluster, so it is for whoever manages all of it. @throws AppError "forbidden" */
export function authorizeMap(actor: Actor): void {
  if (authorize(actor, "cluster.manage").ownerId !== null)
    throw new AppError("forbidden", "The cluster map is for root.");
}
