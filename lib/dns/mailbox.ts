import { labelsOf } from "./name";

/** Characters that may stand in a local part and need a `\` in a domain name. */
const SPECIAL = /[.\\"();@$]/g;

/** An e-mail address as the domain name of RFC 1035 §8: `first.last@example.com` is `first\.last.example.com.` */
export function mailboxToName(address: string): string {
  const at = address.lastIndexOf("@");
  const domain = address.slice(at + 1).trim();
  return `${address.slice(0, at).trim().replace(SPECIAL, "\\$&")}.${domain.endsWith(".") ? domain : `${domain}.`}`;
}

/** The e-mail address that a canonical name stands for, or the name itself where it does not look like one. */
export function nameToMailbox(name: string): string {
  const [local = "", ...domain] = labelsOf(name);
  if (
    domain.length === 0 ||
    !/^[\x21-\x3f\x41-\x7e]+$/.test(local) ||
    domain.some((label) => !/^[a-z0-9_-]+$/.test(label))
  )
    return name;
  return `${local}@${domain.join(".")}`;
}
