import { getPublicSuffix } from "tldts-icann";
import { labelsOf, toUnicode } from "@/lib/dns/name";

/** What is looked up is a canonical name: no URL to take apart, and any label that DNS allows. */
const AS_IT_IS = { extractHostname: false, validateHostname: false, detectIp: false };

/**
 * Whether everybody registers names right below this one: a top-level domain, or a suffix of the ICANN part of the Public Suffix List. Names of one label
 * are that as well, whether or not the list knows them. Whoever has such a zone here has the say over all names below it (`liesInOthersZone`).
 * @param name absolute, lower case, final dot
 */
export function isPublicSuffix(name: string): boolean {
  if (labelsOf(name).length <= 1) return true;
  const shown = name.slice(0, -1);
  return getPublicSuffix(shown, AS_IT_IS) === shown;
}

/** Why an account that is not root's does not get such a zone. */
export function publicSuffixWords(name: string): string {
  return `${toUnicode(name)} is a public suffix: names below it belong to many. Only root can add it.`;
}
