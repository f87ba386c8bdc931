import type { MemberView } from "@/lib/members/member-view";

/** WHM's column of that name: a member's nameserver software. A hosted service does not tell what it runs. */
export function ServerType({ member: { nameserver, isService } }: { member: MemberView }) {
  if (nameserver !== "") return nameserver;
  return <span className="text-muted">{isService ? "Hosted service" : "Not known"}</span>;
}
