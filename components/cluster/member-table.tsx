import Link from "next/link";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import type { MemberRow } from "@/lib/members/queries";
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
          <Row key={member.id} className="[&>*]:py-1.5 [&>*]:align-top">
            <RowHeader className="leading-8">
              <Link href={`/cluster/${member.id}`} className="link">
                {member.host}
              </Link>
            </RowHeader>
            <Cell className="leading-8">
              <code>{member.address}</code>
            </Cell>
            <Cell className="leading-8">{member.username}</Cell>
            <Cell className="whitespace-nowrap leading-8">{member.type}</Cell>
            <Cell className="min-w-48">
              <div className="flex flex-wrap items-baseline gap-x-2 pt-1.5">
                <MemberState status={member.status} />
                {member.version && <span className="text-muted">{member.version}</span>}
              </div>
              <LastAnswer member={member} />
              <BacklogWords member={member} />
            </Cell>
            <Cell>
              <RoleMenu id={member.id} hostname={member.hostname} role={member.role} />
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
