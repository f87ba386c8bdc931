import { isSubdomain } from "@/lib/dns/name";
import { nextSerial } from "@/lib/dns/serial";

/** What a person fills in to make a zone from a template. Names canonical; empty text: not given. */
export interface TemplateInput {
  readonly name: string;
  readonly ip: string;
  readonly ipv6: string;
  /** As many as templates have variables for. */
  readonly nameservers: readonly string[];
  /** IPv4 address of each nameserver, for those whose name is in the zone. */
  readonly glue: readonly string[];
}

/** The server's own part. */
export interface TemplateDefaults {
  /** E-mail address; empty: hostmaster@ the zone. */
  readonly contact: string;
  /** Seconds. */
  readonly defaultTtl: number;
}

export const MAX_NAMESERVERS = 4;
/** The SOA and the NS records of a zone change rarely; a day is what WHM takes. Seconds. */
const NS_TTL = 86_400;

/** The value of every template variable. Runs in the browser for the preview and on the server for the zone. */
export function templateValues(
  input: TemplateInput,
  defaults: TemplateDefaults,
  now: Date,
): Record<string, string | number> {
  const domain = input.name.replace(/\.$/, "");
  const values: Record<string, string | number> = {
    domain,
    ip: input.ip,
    ipv6: input.ipv6,
    maildomain: domain,
    rpemail: defaults.contact || `hostmaster@${domain}`,
    ttl: defaults.defaultTtl,
    nsttl: NS_TTL,
    serial: nextSerial(0, now),
  };
  for (const [index, nameserver] of input.nameservers.slice(0, MAX_NAMESERVERS).entries()) {
    const number = index === 0 ? "" : String(index + 1);
    values[`nameserver${number}`] = nameserver;
    if (isSubdomain(nameserver, input.name)) values[`nameservera${number}`] = input.glue[index] ?? "";
  }
  return values;
}

export const EXAMPLE_APEX = "example.com.";
export const EXAMPLE_TTL = 14_400;

/**
 * A value for every variable, from the names and ranges that documentation has: what a template is checked with. No line is left out, so lines of
 * the zone are lines of the template.
 */
export const exampleValues: Readonly<Record<string, string | number>> = {
  ...templateValues(
    {
      name: EXAMPLE_APEX,
      ip: "192.0.2.10",
      ipv6: "2001:db8::10",
      nameservers: ["ns1.example.com.", "ns2.example.com.", "ns3.example.com.", "ns4.example.com."],
      glue: ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"],
    },
    { contact: "", defaultTtl: EXAMPLE_TTL },
    new Date(0),
  ),
  ftpip: "192.0.2.11",
};
