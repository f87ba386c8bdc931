import { notFound } from "next/navigation";
import type { UserActor } from "@/lib/access/actor";
import { orNotFound } from "@/lib/auth/or-not-found";
import { currentActor } from "@/lib/auth/session";
import { type Runtime, runtime } from "@/lib/runtime";

/**
 * Reads what a page of this area shows. Whoever may not manage the cluster gets the same page as for an address that does not exist.
 */
export async function clusterPage<T>(read: (ctx: Runtime, actor: UserActor) => Promise<T>): Promise<T> {
  const actor = await currentActor();
  return orNotFound(read(runtime(), actor));
}

/** An id in an address, a member's or an account's. What is none is an address that does not exist. */
export function memberIdOf(text: string): number {
  const id = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0;
  return id >= 1 && id <= 2_147_483_647 ? id : notFound();
}

/** The account whose cluster an address is about (`?as=`); undefined: the asker's own. */
export function accountIdOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : memberIdOf(text);
}
