import Link from "next/link";
import type { MemberRow } from "@/lib/members/queries";
import { addressOf } from "./address-of";
import { BacklogWords } from "./backlog-words";
import { MemberActions } from "./member-actions";
import { LastAnswer, MemberState } from "./member-state";
import { RoleMenu } from "./role-menu";

/** The table's content on a narrow screen: nothing to scroll sideways for. */
export function MemberCards({ members }: { members: readonly MemberRow[] }) {
  return (
    <ul aria-label="Servers in your DNS cluster">
      {members.map((member) => (
        <li key={member.id} className="flex flex-col gap-2 border-line border-b px-4 py-3">
          <div className="flex items-start gap-2">
            <div className="min-w-0 flex-1">
              <Link href={`/cluster/${member.id}`} className="link break-all font-medium">
                {member.name}
              </Link>
              <p className="break-words text-muted text-xs">
                <code>{addressOf(member)}</code> · {member.username} · {member.type}
              </p>
            </div>
            <MemberActions member={member} />
          </div>
          <div>
            <MemberState status={member.status} version={member.version} />
            <LastAnswer member={member} />
            <BacklogWords member={member} />
          </div>
          <RoleMenu id={member.id} name={member.name} role={member.role} />
        </li>
      ))}
    </ul>
  );
}
