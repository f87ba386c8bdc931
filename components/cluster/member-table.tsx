import { Checkbox } from "@/components/ui/checkbox";
import { Link } from "@/components/ui/link";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import type { MemberRow } from "@/lib/members/queries";
import { addressOf } from "./address-of";
import { BacklogWords } from "./backlog-words";
import { BULK_ROLE_FORM } from "./bulk-role-form";
import { MemberActions } from "./member-actions";
import { LastAnswer, MemberState } from "./member-state";
import { RoleMenu } from "./role-menu";
import { ServerType } from "./server-type";
import { TrustWords } from "./trust-words";

/*
 * On a narrow screen each row becomes a card, so that nothing has to be scrolled to sideways. Browsers take a table apart for assistive
 * technology when its rows are not displayed as such; the roles say what they are.
 */
const ROW = "max-md:flex max-md:flex-wrap max-md:gap-x-3 max-md:border-line max-md:border-b max-md:py-3";
const CELL = "align-top py-2 pt-3 max-md:h-auto max-md:border-0 max-md:py-0";
const WIDE = "max-md:basis-full max-md:pt-2";

interface Shown {
  /** Several roles can be changed at once. */
  readonly isSelectable: boolean;
  /** Whose cluster, when it is not one's own. */
  readonly accountId: number | undefined;
}

/** "Servers in your DNS cluster", in WHM's columns. */
export function MemberTable({ members, ...shown }: Shown & { members: readonly MemberRow[] }) {
  const { isSelectable } = shown;
  return (
    <Table
      role="table"
      label="Servers with their status and role"
      className="max-md:block md:[&_:is(th,td)]:px-2 [&_:is(th,td):first-child]:pl-4"
    >
      <TableHead role="rowgroup" className="max-md:sr-only">
        <tr>
          {isSelectable && (
            <HeadCell hideLabel className="w-8 pr-0">
              Select
            </HeadCell>
          )}
          <HeadCell>Hostname</HeadCell>
          <HeadCell>IP address</HeadCell>
          <HeadCell>Username</HeadCell>
          <HeadCell>Type</HeadCell>
          <HeadCell>Status</HeadCell>
          <HeadCell>Server Type</HeadCell>
          <HeadCell>DNS role</HeadCell>
          <HeadCell className="text-right">Actions</HeadCell>
        </tr>
      </TableHead>
      <TableBody role="rowgroup" className="max-md:block">
        {members.map((member) => (
          <MemberRowView key={member.id} member={member} {...shown} />
        ))}
      </TableBody>
    </Table>
  );
}

function MemberRowView({ member, isSelectable, accountId }: Shown & { member: MemberRow }) {
  return (
    <Row role="row" className={ROW}>
      {isSelectable && (
        <Cell role="cell" className={`${CELL} w-8 pr-0 max-md:pr-0`}>
          <Checkbox label={`Select ${member.name}`} hideLabel form={BULK_ROLE_FORM} name="ids" value={member.id} />
        </Cell>
      )}
      <RowHeader role="rowheader" className={`${CELL} min-w-28 break-words max-md:flex-1 max-md:basis-3/4`}>
        <Link href={`/cluster/${member.id}`} className="link">
          {member.name}
        </Link>
      </RowHeader>
      <Cell role="cell" className={`${CELL} max-md:pl-4`}>
        <code>{addressOf(member)}</code>
      </Cell>
      <Cell role="cell" className={`${CELL} max-md:px-0`}>
        {member.username}
      </Cell>
      <Cell role="cell" className={`${CELL} max-md:px-0`}>
        {member.type}
      </Cell>
      <Cell role="cell" className={`${CELL} ${WIDE} min-w-44 max-md:pl-4`}>
        <MemberState status={member.status} version={member.version} />
        <LastAnswer member={member} />
        <BacklogWords member={member} />
        <TrustWords trust={member.trust} accountId={accountId} />
      </Cell>
      <Cell role="cell" className={`${CELL} max-md:basis-full max-md:pl-4`}>
        <span className="text-muted md:hidden">Server Type: </span>
        <ServerType member={member} />
      </Cell>
      <Cell role="cell" className={`${CELL} pt-2 max-md:flex-1 max-md:pt-2 max-md:pl-4`}>
        <RoleMenu
          id={member.id}
          name={member.name}
          role={member.role}
          backend={member.backend}
          note={member.roleNote}
        />
      </Cell>
      <Cell role="cell" className={`${CELL} pt-2 max-md:pt-2`}>
        <MemberActions member={member} accountId={accountId} />
      </Cell>
    </Row>
  );
}
