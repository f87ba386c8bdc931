import type { Env } from "@/lib/env";

/** How browsers reach the panel, without a slash at the end: as the environment says, else by hostname and port. For links in what leaves the server. */
export function panelUrl({ publicUrl, tls, port }: Pick<Env, "publicUrl" | "tls" | "port">, hostname: string): string {
  return publicUrl?.replace(/\/+$/, "") ?? `${tls ? "https" : "http"}://${hostname}:${port}`;
}
