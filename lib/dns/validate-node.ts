import { isSubdomain, nameToWire } from "./name";
import { MAX_TTL } from "./ttl";
import type { Report } from "./validate";
import type { RRset } from "./zone";

/** Everything at one owner name. */
export interface Node {
  readonly owner: string;
  readonly rrsets: RRset[];
  /** Of all its RRsets. */
  readonly types: Set<string>;
}

/** Types that may stand at a delegation: the parent's side of it, and addresses as glue. */
const AT_DELEGATION = new Set(["NS", "DS", "A", "AAAA"]);

/**
 * Checks one owner name. Called in canonical order, in which everything below a name follows it directly.
 * @param cut the delegation or DNAME that may stand above this node. @returns the one that may stand above the next.
 */
export function checkNode(apex: string, node: Node, cut: Node | undefined, report: Report): Node | undefined {
  const { owner, rrsets, types } = node;
  for (const { type, ttl } of rrsets) {
    if (ttl > MAX_TTL)
      report("error", "ttl-range", `The TTL ${ttl} is over ${MAX_TTL} seconds. Write a smaller one.`, owner, type);
  }
  if (!isSubdomain(owner, apex)) {
    report(
      "error",
      "out-of-zone",
      `${owner} is not in the zone ${apex} Remove the record, or end names that belong here without a dot.`,
      owner,
      rrsets[0]?.type,
    );
    return cut;
  }
  // A name of 254 characters or less, final dot included, has at most 255 octets.
  if (owner.length > 254 && nameToWire(owner).length > 255) {
    report("error", "name-length", `${owner} is longer than 255 octets. Shorten it.`, owner, rrsets[0]?.type);
  }
  if (owner !== apex && types.has("SOA")) {
    report(
      "error",
      "soa-misplaced",
      `A SOA record belongs to the zone's own name ${apex} only. Remove this one.`,
      owner,
      "SOA",
    );
  }
  if (owner !== apex && owner.length > apex.length * 2 && owner.endsWith(`.${apex}${apex}`)) {
    report(
      "warning",
      "final-dot",
      `${owner} has the zone's name twice. Is the final dot missing?`,
      owner,
      rrsets[0]?.type,
    );
  }
  checkAliases(apex, node, report);
  checkDelegation(apex, node, report);
  if (cut && isSubdomain(owner, cut.owner)) {
    checkBelow(node, cut, report);
    return cut;
  }
  const isCut = types.has("DNAME") || (types.has("NS") && owner !== apex);
  return isCut ? node : undefined;
}

/** CNAME: RFC 1034 §3.6.2, RFC 2181 §10.1. DNAME: RFC 6672 §2.3, §2.4. Knot refuses each of these, BIND most. */
function checkAliases(apex: string, { owner, rrsets, types }: Node, report: Report): void {
  for (const { type, rdatas } of rrsets) {
    if ((type === "CNAME" || type === "DNAME") && rdatas.length > 1) {
      report(
        "error",
        `${type.toLowerCase()}-multiple`,
        `${owner} has ${rdatas.length} ${type} records. Keep one.`,
        owner,
        type,
        rdatas[1],
      );
    }
  }
  if (types.has("CNAME") && types.size > 1) {
    const others = [...types]
      .filter((type) => type !== "CNAME")
      .slice(0, 5)
      .join(", ");
    report(
      "error",
      "cname-and-other-data",
      `${owner} is an alias (CNAME) and has other records (${others}). Remove the CNAME or the others.`,
      owner,
      "CNAME",
    );
  }
  if (types.has("DNAME") && types.has("NS") && owner !== apex) {
    report(
      "error",
      "dname-and-ns",
      `${owner} has a DNAME and NS records. Remove one of them: a name is either renamed or delegated.`,
      owner,
      "DNAME",
    );
  }
}

function checkDelegation(apex: string, { owner, types }: Node, report: Report): void {
  if (types.has("NS") && owner.startsWith("*.")) {
    report(
      "error",
      "ns-wildcard",
      `${owner} is a wildcard and cannot be delegated (RFC 4592 §4.2). Remove its NS records.`,
      owner,
      "NS",
    );
  }
  if (types.has("DS") && owner === apex) {
    report(
      "error",
      "ds-at-apex",
      "A DS record belongs to the parent zone, not to the zone itself. Remove it here and give it to the registrar.",
      owner,
      "DS",
    );
  } else if (types.has("DS") && !types.has("NS")) {
    report(
      "warning",
      "ds-without-ns",
      `${owner} has a DS record but is not delegated. Add its NS records, or remove the DS.`,
      owner,
      "DS",
    );
  }
  const hidden =
    owner !== apex && types.has("NS")
      ? [...types].find((type) => !AT_DELEGATION.has(type) && type !== "DNAME")
      : undefined;
  if (hidden) {
    report(
      "warning",
      "at-delegation",
      `${owner} is delegated by NS records: its ${hidden} record is not served. Put it into the delegated zone.`,
      owner,
      hidden,
    );
  }
}

function checkBelow({ owner, rrsets, types }: Node, cut: Node, report: Report): void {
  if (cut.types.has("DNAME")) {
    report(
      "error",
      "below-dname",
      `${owner} stands below the DNAME at ${cut.owner}, which hides it. Remove it, or the DNAME.`,
      owner,
      rrsets[0]?.type,
    );
    return;
  }
  const hidden = [...types].find((type) => type !== "A" && type !== "AAAA");
  if (hidden) {
    report(
      "warning",
      "below-delegation",
      `${owner} stands below ${cut.owner}, which is delegated: its ${hidden} record is not served. Put it into the delegated zone.`,
      owner,
      hidden,
    );
  }
}
