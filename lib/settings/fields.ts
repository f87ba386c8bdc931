import { z } from "zod";
import { DnsSyntaxError } from "@/lib/dns/errors";
import { fromUserInput } from "@/lib/dns/name";
import { plainAddress } from "@/lib/net/address-set";

/** What people type into forms about servers, and the form it is stored in. */

/** Entries of a text that are separated by blanks, commas or lines. */
export function entriesOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter((entry) => entry !== "");
}

/** Several entries, given as one text or as a list. */
const entries = z.union([z.array(z.string()), z.string().max(20_000).transform(entriesOf)]);

function domainName(text: string, context: z.RefinementCtx): string {
  try {
    return fromUserInput(text);
  } catch (error) {
    if (!(error instanceof DnsSyntaxError)) throw error;
    context.addIssue(error.message);
    return z.NEVER;
  }
}

/** A server's hostname: lower case, A-labels, without the final dot, as URLs and certificates write it. */
export const hostnameField = z
  .string()
  .trim()
  .min(1, "Enter this server's hostname, such as ns1.example.com.")
  .transform(domainName)
  .transform((name) => name.replace(/\.$/, ""));

/** Numeric addresses, each once, in their shortest form. */
export const addressesField = entries.transform((list, context) => {
  const addresses = new Set<string>();
  for (const entry of list) {
    const address = plainAddress(entry);
    if (address === undefined)
      context.addIssue(`“${entry}” is not an IP address. Write one such as 192.0.2.1 or 2001:db8::1.`);
    else addresses.add(address);
  }
  return [...addresses];
});

/** Names of nameservers: absolute, each once. */
export const nameserversField = entries.transform((list, context) => [
  ...new Set(list.map((entry) => domainName(entry, context))),
]);

/** `ADDRESS@PORT` or `ADDRESS` (port 53), as Knot writes it. */
export const listenField = entries.transform((list, context) => {
  const listen = new Map<string, { address: string; port: number }>();
  for (const entry of list) {
    const [host = "", portText = "53"] = entry.split(/[@#]/);
    const address = plainAddress(host);
    const port = /^\d{1,5}$/.test(portText) ? Number(portText) : 0;
    if (address === undefined || port < 1 || port > 65_535)
      context.addIssue(`“${entry}” is not an address with a port. Write one such as 192.0.2.1@53 or 2001:db8::1@53.`);
    else listen.set(`${address}@${port}`, { address, port });
  }
  return [...listen.values()];
});
