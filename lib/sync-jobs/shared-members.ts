import type { PlannedMember, SyncItem } from "./job";

/** What the holder of an account is told of the members of root's that its zones go to: that there are some, and how it went there. */

const UNTOLD = "Root has been shown the reason.";

/** The members of a job with root's made anonymous: their names, roles, and why one could not be asked are root's to know. */
export function sharedMembers(members: readonly PlannedMember[]): PlannedMember[] {
  let count = 0;
  return members.map((member) => {
    if (!member.isShared) return member;
    count++;
    return {
      ...member,
      name: `Server ${count} of root’s cluster`,
      role: "",
      problem: member.problem === null ? null : `It did not answer. ${UNTOLD}`,
      note: member.note === null ? null : "Compared by name only.",
    };
  });
}

/** A step with such a member: why it failed names servers and addresses. Other outcomes are in words of ours. */
export function withoutReasons(item: SyncItem): SyncItem {
  return item.state === "failed" && item.message !== null ? { ...item, message: `It failed. ${UNTOLD}` } : item;
}
