import { notFound } from "next/navigation";
import type { UserActor } from "@/lib/access/actor";
import { currentActor } from "@/lib/auth/session";
import { AppError } from "@/lib/errors";
import { type Runtime, runtime } from "@/lib/runtime";

/**
 * Reads what a page of this area shows. Whoever may not manage the cluster gets the same page as for an address that does not exist:
 * outsiders cannot tell forbidden from missing.
 */
export async function clusterPage<T>(read: (ctx: Runtime, actor: UserActor) => Promise<T>): Promise<T> {
  const actor = await currentActor();
  try {
    return await read(runtime(), actor);
  } catch (error) {
    if (error instanceof AppError && (error.code === "forbidden" || error.code === "not-found")) notFound();
    throw error;
  }
}

/** The member's id in an address. What is none is an address that does not exist. */
export function memberIdOf(text: string): number {
  const id = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0;
  return id >= 1 && id <= 2_147_483_647 ? id : notFound();
}
