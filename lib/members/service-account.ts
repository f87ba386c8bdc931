import { backendOf } from "./backends";

/**
 * Which account of which hosted service a member is, as its row holds it: a service is in a cluster once for each of its accounts. Services take user names and
 * e-mail addresses in any case. Empty for a server: its host tells it apart.
 */
export function serviceAccount({ backend, username }: { readonly backend: string; readonly username: string }): string {
  return backendOf(backend).isService ? `${backend}:${username.toLowerCase()}` : "";
}
