import Link from "next/link";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import type { MemberRow } from "@/lib/members/queries";
import { addressOf } from "./address-of";
import { BacklogWords } from "./backlog-words";
import { MemberActions } from "./member-actions";
import { LastAnswer, MemberState } from "./member-state";
import { RoleMenu } from "./role-menu";

/** "Servers in your DNS cluster", WHM's columns. Narrow screens get `MemberCards` instead. */
export function MemberTable({ members }: { members: readonly MemberRow[] }) {
  return (
    <Table label="Servers in your DNS cluster">
      <TableHead>
        <tr>
          <HeadCell>Hostname</HeadCell>
          <HeadCell>IP address</HeadCell>
          <HeadCell>Username</HeadCell>
          <HeadCell>Type</HeadCell>
          <HeadCell>Status</HeadCell>
          <HeadCell>DNS role</HeadCell>
          <HeadCell className="text-right">Actions</HeadCell>
        </tr>
      </TableHead>
      <TableBody>
        {members.map((member) => (
          <Row key={member.id} className="[&>*]:px-2 [&>*]:py-2 [&>*]:align-top first:[&>*]:pl-3">
            <RowHeader className="min-w-32 pt-3 break-words">
              <Link href={`/cluster/${member.id}`} className="link">
                {member.name}
              </Link>
            </RowHeader>
            <Cell className="pt-3">
              <code>{addressOf(member)}</code>
            </Cell>
            <Cell className="pt-3">{member.username}</Cell>
            <Cell className="whitespace-nowrap pt-3">{member.type}</Cell>
            <Cell className="w-full min-w-52 pt-3">
              <MemberState status={member.status} version={member.version} />
              <LastAnswer member={member} />
              <BacklogWords member={member} />
            </Cell>
            <Cell>
              <RoleMenu id={member.id} name={member.name} role={member.role} />
            </Cell>
            <Cell>
              <MemberActions member={member} />
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}
