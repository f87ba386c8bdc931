import { z } from "zod";

const names = z.array(z.string());

/** What an actor made of a user's row carries: the privileges that root assigned to a reseller; nothing for root, who needs none. */
export function privilegesOf(user: { readonly role: string; readonly acls: string }): {
  privileges?: readonly string[];
} {
  return user.role === "root" ? {} : { privileges: names.parse(JSON.parse(user.acls)) };
}
