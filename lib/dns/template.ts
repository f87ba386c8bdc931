import { DnsSyntaxError, quoteInput } from "./errors";
import { mailboxToName } from "./mailbox";

/** A word that zone templates may hold between percent signs. */
export interface TemplateVariable {
  readonly name: string;
  readonly help: string;
  /** A line that needs an optional variable is left out when it has no value. */
  readonly optional: boolean;
}

const variable = (name: string, help: string, optional = false): TemplateVariable => ({ name, help, optional });

/** The variables of zone templates, in the order that help shows them. */
export const TEMPLATE_VARIABLES: readonly TemplateVariable[] = [
  variable("domain", "Name of the zone, without a final dot."),
  variable("ip", "IPv4 address of the zone's main host."),
  variable("ipv6", "IPv6 address of the zone's main host.", true),
  variable("nameserver", "First nameserver, without a final dot."),
  variable("nameserver2", "Second nameserver.", true),
  variable("nameserver3", "Third nameserver.", true),
  variable("nameserver4", "Fourth nameserver.", true),
  variable("nameservera", "IPv4 address of the first nameserver, when its name is in the zone.", true),
  variable("nameservera2", "IPv4 address of the second nameserver, when its name is in the zone.", true),
  variable("nameservera3", "IPv4 address of the third nameserver, when its name is in the zone.", true),
  variable("nameservera4", "IPv4 address of the fourth nameserver, when its name is in the zone.", true),
  variable("ftpip", "IPv4 address for FTP, when it is not the main one.", true),
  variable("maildomain", "Host that takes the zone's mail; the zone itself when nothing else is set."),
  variable("rpemail", "E-mail address of the responsible person, as the SOA record writes it."),
  variable("ttl", "TTL of ordinary records, in seconds."),
  variable("nsttl", "TTL of the SOA and NS records, in seconds."),
  variable("serial", "Serial number of a new zone."),
];

const BY_NAME = new Map(TEMPLATE_VARIABLES.map((entry) => [entry.name, entry]));

/**
 * Fills a zone template in. `%name%` is replaced by the variable's value; a comment stays as it is. An e-mail address for `rpemail` is turned into
 * the domain name that SOA needs.
 * @param vars values by variable name; an empty or missing one counts as not given.
 * @returns the zone file text, and the variables that are needed and not given or not known (each once): with any of those the text is of no use.
 * @throws DnsSyntaxError "template-value" for a value that would change the structure of the file.
 */
export function expandTemplate(
  text: string,
  vars: Readonly<Record<string, string | number | undefined>>,
): { text: string; missing: string[] } {
  const missing = new Set<string>();
  const lines = text.split(/\r\n|\r|\n/).flatMap((line) => {
    if (line.trimStart().startsWith(";")) return [line];
    let dropped = false;
    const filled = line.replace(/%([a-z][a-z0-9_]*)%/gi, (_, word: string) => {
      const name = word.toLowerCase();
      const value = valueFor(name, vars);
      if (value !== "") return value;
      if (BY_NAME.get(name)?.optional) dropped = true;
      else missing.add(name);
      return "";
    });
    return dropped ? [] : [filled];
  });
  return { text: lines.join("\n"), missing: [...missing] };
}

function valueFor(name: string, vars: Readonly<Record<string, string | number | undefined>>): string {
  const value = Object.hasOwn(vars, name) ? String(vars[name] ?? "").trim() : "";
  // Values are names, addresses and numbers: none of them needs a character with a meaning of its own in a zone file.
  if (/[\s;()"$%]|[^\x20-\x7e]/.test(value)) {
    throw new DnsSyntaxError(
      "template-value",
      `The value ${quoteInput(value)} of %${name}% cannot stand in a zone file. Correct it.`,
    );
  }
  if (name !== "rpemail") return name === "ip" || name === "ipv6" ? value : value.replace(/(.)\.$/, "$1");
  return (value.includes("@") ? mailboxToName(value) : value).replace(/\.$/, "");
}
