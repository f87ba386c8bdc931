import type { Queryable } from "@/lib/db/database";
import type { TargetStatus } from "@/lib/drivers/driver";
import { type MemberProblem, memberProblem } from "./connection-problem";

interface Candidate {
  readonly ownerId: number;
  readonly hostname: string;
  readonly memberId?: number;
}

/**
 * Whether the server is in the owner's cluster already: by the hostname that was entered, or, once it said what it is, by its identity. Two
 * entries for one server would each send every zone and fight over its state.
 */
export async function findDuplicate(
  db: Queryable,
  candidate: Candidate,
  status?: TargetStatus,
): Promise<MemberProblem | undefined> {
  const others = { ownerId: candidate.ownerId, NOT: { id: candidate.memberId ?? 0 } };
  const namesake = await db.member.findFirst({ where: { ...others, hostname: candidate.hostname } });
  if (namesake) return memberProblem("duplicate", `${namesake.hostname} is in your DNS cluster already.`);
  if (!status) return undefined;
  const same = await db.member.findFirst({ where: { ...others, ...sameServer(status) } });
  if (!same) return undefined;
  return memberProblem("duplicate", `${candidate.hostname} is in your DNS cluster already, as ${same.hostname}.`);
}

/** Zonefleet servers have an identity. Others have the hostname they call themselves by, unless it is one that any machine has. */
function sameServer(status: TargetStatus) {
  if (status.serverId !== undefined) return { serverId: status.serverId };
  const name = status.hostname ?? "";
  const isTelling = name.includes(".") && !name.startsWith("localhost.");
  return { serverId: null, remoteHostname: isTelling ? name : "(none)" };
}
