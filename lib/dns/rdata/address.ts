import { DnsSyntaxError, quoteInput } from "../errors";

const IPV4 = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;

/** Whether the text is a dotted quad without leading zeros, which is its one spelling. */
export function isIpv4(text: string): boolean {
  return IPV4.test(text);
}

/** @throws DnsSyntaxError "address-syntax" */
export function parseIpv4(text: string): string {
  if (isIpv4(text)) return text;
  throw new DnsSyntaxError(
    "address-syntax",
    `${quoteInput(text)} is not an IPv4 address. Write four numbers from 0 to 255, such as 192.0.2.1.`,
  );
}

export function ipv4Bytes(address: string): Uint8Array {
  return Uint8Array.from(address.split("."), Number);
}

/** The eight 16-bit groups, or `undefined`. */
function ipv6Groups(text: string): number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const sides: number[][] = [];
  for (const [index, half] of halves.entries()) {
    const side: number[] = [];
    const parts = half === "" ? [] : half.split(":");
    for (const [place, part] of parts.entries()) {
      if (part.includes(".")) {
        if (place !== parts.length - 1 || index !== halves.length - 1 || !isIpv4(part)) return undefined;
        const [a = 0, b = 0, c = 0, d = 0] = ipv4Bytes(part);
        side.push(a * 256 + b, c * 256 + d);
      } else if (/^[0-9a-f]{1,4}$/i.test(part)) side.push(Number.parseInt(part, 16));
      else return undefined;
    }
    sides.push(side);
  }
  const [head = [], tail = []] = sides;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1) return missing === 0 ? head : undefined;
  return missing >= 1 ? [...head, ...new Array<number>(missing).fill(0), ...tail] : undefined;
}

/** RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups as `::`, `::ffff:192.0.2.1` for mapped addresses. */
function formatGroups(groups: readonly number[]): string {
  if (groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)) {
    const [, , , , , , high = 0, low = 0] = groups;
    return `::ffff:${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  }
  let start = -1;
  let length = 1;
  for (let at = 0; at < 8; at++) {
    let run = 0;
    while (groups[at + run] === 0) run++;
    if (run > length) [start, length] = [at, run];
  }
  const hex = groups.map((group) => group.toString(16));
  return start < 0 ? hex.join(":") : `${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`;
}

/** @returns the address in RFC 5952 form. @throws DnsSyntaxError "address-syntax" */
export function parseIpv6(text: string): string {
  const groups = ipv6Groups(text);
  if (!groups) {
    throw new DnsSyntaxError(
      "address-syntax",
      `${quoteInput(text)} is not an IPv6 address. Write one such as 2001:db8::1.`,
    );
  }
  return formatGroups(groups);
}

export function ipv6Bytes(address: string): Uint8Array {
  return Uint8Array.from((ipv6Groups(address) ?? []).flatMap((group) => [group >> 8, group & 255]));
}

/** @param bytes 16 octets. */
export function ipv6OfBytes(bytes: Uint8Array): string {
  return formatGroups(Array.from({ length: 8 }, (_, at) => (bytes[at * 2] ?? 0) * 256 + (bytes[at * 2 + 1] ?? 0)));
}
