import { cookies } from "next/headers";
import type { Context } from "@/lib/context";
import { sessionCookie } from "./session-token";

/** Takes the session cookie out of the browser; in server actions and routes only. */
export async function closeSession(ctx: Context): Promise<void> {
  const { name, options } = sessionCookie(ctx);
  // With the attributes that it was set with: a browser ignores a Set-Cookie for a "__Host-" name without Secure (RFC 6265bis §4.1.3.2), also one that deletes.
  (await cookies()).delete({ name, ...options });
}
