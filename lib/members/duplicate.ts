import type { Queryable } from "@/lib/db/database";
import type { TargetStatus } from "@/lib/drivers/driver";
import { backendOf } from "./backends";
import { type MemberProblem, memberProblem } from "./connection-problem";
import { memberName } from "./member-name";
import { serviceAccount } from "./service-account";

interface Candidate {
  readonly ownerId: number;
  readonly backend: string;
  readonly hostname: string;
  readonly username: string;
  readonly memberId?: number;
}

/**
 * Whether the server is in the owner's cluster already: by the hostname that was entered, or, once it said what it is, by its identity. Of a hosted service, whether
 * the account is. Two entries for one server would each send every zone and fight over its state.
 */
export async function findDuplicate(
  db: Queryable,
  candidate: Candidate,
  status?: TargetStatus,
): Promise<MemberProblem | undefined> {
  const others = { ownerId: candidate.ownerId, NOT: { id: candidate.memberId ?? 0 } };
  const account = serviceAccount(candidate);
  const entered = account === "" ? { hostname: candidate.hostname, account } : { account };
  const namesake = await db.member.findFirst({ where: { ...others, ...entered } });
  if (namesake) return duplicate(candidate.backend, `${memberName(namesake)} is in your DNS cluster already.`);
  if (!status || account !== "") return undefined;
  const same = await db.member.findFirst({ where: { ...others, account, ...sameServer(status) } });
  if (!same) return undefined;
  return memberProblem("duplicate", `${candidate.hostname} is in your DNS cluster already, as ${same.hostname}.`);
}

function duplicate(backend: string, title: string): MemberProblem {
  const problem = memberProblem("duplicate", title);
  const { isService, shortLabel } = backendOf(backend);
  if (!isService) return problem;
  const advice = `To replace its key, edit that member. To add another account of ${shortLabel}, enter a user of that account.`;
  return { ...problem, advice };
}

/** Zonefleet servers have an identity. Others have the hostname they call themselves by, unless it is one that any machine has. */
function sameServer(status: TargetStatus) {
  if (status.serverId !== undefined) return { serverId: status.serverId };
  const name = status.hostname ?? "";
  const isTelling = name.includes(".") && !name.startsWith("localhost.");
  return { serverId: null, remoteHostname: isTelling ? name : "(none)" };
}
