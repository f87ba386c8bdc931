import { nameToWire } from "./name";
import { checkNode, type Node } from "./validate-node";
import { checkTargets } from "./validate-targets";
import type { Zone, ZoneProblem } from "./zone";
import type { ZoneLines } from "./zone-lines";

/** Notes a problem of the record (owner, type, and where it matters rdata). */
export type Report = (
  severity: ZoneProblem["severity"],
  code: string,
  message: string,
  owner: string,
  type?: string,
  rdata?: string,
) => void;

const MAX_PROBLEMS = 100;

/**
 * Checks what the records of a zone say together. Errors are what nameservers refuse or would serve wrongly; the rest are warnings. Duplicate
 * records and differing TTLs in an RRset cannot exist in a {@link Zone}: `parseZoneFile` warns of them when it reconciles them (`makeZone`).
 * @param lines where the records stand in their file, to name lines.
 * @returns problems in canonical order, at most 100.
 */
export function validateZone(zone: Zone, lines?: ZoneLines): ZoneProblem[] {
  const problems: ZoneProblem[] = [];
  const report: Report = (severity, code, message, owner, type, rdata) => {
    if (problems.length >= MAX_PROBLEMS) return;
    const line = lines && (lines.lineOf(owner, type, rdata) ?? lines.lineOf(owner, type) ?? lines.lineOf(owner));
    problems.push({ severity, code, message, owner, ...(type && { type }), ...(line && { line }) });
  };
  const nodes = nodesOf(zone);
  checkApex(zone, nodes.get(zone.apex), report);
  let cut: Node | undefined;
  for (const node of nodes.values()) cut = checkNode(zone.apex, node, cut, report);
  checkTargets(zone, nodes, report);
  return problems;
}

function nodesOf(zone: Zone): Map<string, Node> {
  const nodes = new Map<string, Node>();
  let last: Node | undefined;
  for (const rrset of zone.rrsets) {
    if (last?.owner === rrset.owner) {
      last.rrsets.push(rrset);
      last.types.add(rrset.type);
    } else {
      last = { owner: rrset.owner, rrsets: [rrset], types: new Set([rrset.type]) };
      nodes.set(rrset.owner, last);
    }
  }
  return nodes;
}

function checkApex({ apex }: Zone, node: Node | undefined, report: Report): void {
  const find = (type: string) => node?.rrsets.find((rrset) => rrset.type === type);
  const soa = find("SOA");
  const shown = apex === "." ? apex : apex.slice(0, -1);
  if (nameToWire(apex).length > 255)
    report("error", "name-length", `The name of the zone is longer than 255 octets.`, apex);
  if (!soa) {
    report(
      "error",
      "soa-missing",
      `The zone has no SOA record at ${shown}. Add one; if the file is of another zone, choose that one.`,
      apex,
    );
  } else if (soa.rdatas.length > 1) {
    report(
      "error",
      "soa-multiple",
      `The zone has ${soa.rdatas.length} SOA records. Keep one.`,
      apex,
      "SOA",
      soa.rdatas[1],
    );
  } else if (soa.rdatas[0]?.split(" ")[1]?.includes("\\@")) {
    const message =
      "The SOA's e-mail address holds an “@”. In a zone file it is a name: write hostmaster.example.com. for hostmaster@example.com.";
    report("warning", "soa-mailbox", message, apex, "SOA");
  }
  if (!find("NS")) {
    report(
      "error",
      "ns-missing",
      `The zone has no NS record at ${shown}. Add one for each nameserver that serves it.`,
      apex,
    );
  }
}
