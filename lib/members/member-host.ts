import { isIP } from "node:net";
import { DOTS, labelToAscii } from "@/lib/dns/idn";

/** Where a member is called. `hostname` has no final dot: it is what certificates and resolvers are asked for, not a zone's name. */
export interface MemberHost {
  /** Lower case, A-labels; or a numeric address in its shortest form. */
  readonly hostname: string;
  readonly port: number;
}

/** The text of the form's host field that cannot be used; `message` says what to write instead. */
export class MemberHostError extends Error {
  override readonly name = "MemberHostError";
}

const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/**
 * Reads "host", "host:port", "192.0.2.1", "192.0.2.1:port", "2001:db8::1" or "[2001:db8::1]:port".
 * @throws MemberHostError
 */
export function parseMemberHost(text: string, defaultPort: number): MemberHost {
  const given = text.trim();
  if (given === "") throw new MemberHostError("Enter the hostname or IP address of the remote server.");
  if (/[/@?#]/.test(given))
    throw new MemberHostError("Enter the hostname or IP address only, without https:// and without a path.");
  if (isIP(given) === 6) return { hostname: shortAddress(given), port: defaultPort };
  const match = /^(?:\[(?<bracketed>[^\]]*)\]|(?<plain>[^:]*))(?::(?<port>[^:]*))?$/u.exec(given)?.groups;
  if (!match) throw new MemberHostError("Write an IPv6 address with a port as [2001:db8::1]:2087.");
  const port = match.port === undefined ? defaultPort : readPort(match.port);
  if (match.bracketed !== undefined) {
    if (isIP(match.bracketed) !== 6) throw new MemberHostError("What stands in the brackets is not an IPv6 address.");
    return { hostname: shortAddress(match.bracketed), port };
  }
  return { hostname: readName(match.plain ?? ""), port };
}

/** The form's spelling of a host: the port only where it is not the default one. */
export function formatMemberHost({ hostname, port }: MemberHost, defaultPort: number): string {
  if (port === defaultPort) return hostname;
  return isIP(hostname) === 6 ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new MemberHostError("The port is a number from 1 to 65535.");
  return port;
}

function readName(text: string): string {
  if (isIP(text) === 4) return text;
  // Resolvers read a name that ends in a number as a shortened, octal or hexadecimal IPv4 address.
  if (/(^|\.)(\d+|0x[0-9a-f]*)\.?$/i.test(text))
    throw new MemberHostError("This is not a complete IPv4 address. Write it as 192.0.2.1.");
  const labels = text.split(DOTS);
  if (labels.at(-1) === "") labels.pop();
  const ascii = labels.map((label) => labelToAscii(label) ?? "");
  const hostname = ascii.join(".");
  if (hostname === "" || hostname.length > 253 || !ascii.every((label) => LABEL.test(label)))
    throw new MemberHostError("This is not a hostname. Write it as ns1.example.com, or enter an IP address.");
  return hostname;
}

/** RFC 5952 form, by the URL parser; an IPv6 zone index ("%eth0") was refused by `isIP` or is dropped with the address it belongs to. */
function shortAddress(address: string): string {
  if (address.includes("%")) throw new MemberHostError("An address with a zone index (%) cannot be used for a member.");
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
