import { Link } from "@/components/ui/link";
import { RelativeTime } from "@/components/ui/relative-time";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import type { MemberRow } from "@/lib/members/queries";
import { TrustActions } from "./trust-actions";
import { HalfWords, TrustStatus } from "./trust-words";

/** On a narrow screen each row is a card; the roles keep it a table for assistive technology. */
const ROW = "max-md:flex max-md:flex-col max-md:border-line max-md:border-b max-md:py-3";
const CELL = "align-top py-2 max-md:h-auto max-md:border-0 max-md:py-1";

/** Every pair of this server and a member, with the two halves of its trust. */
export function TrustTable({ members, maySetUp }: { members: readonly MemberRow[]; maySetUp: boolean }) {
  return (
    <Table role="table" label="Trust with each server" className="max-md:block">
      <TableHead role="rowgroup" className="max-md:sr-only">
        <tr>
          <HeadCell>Server</HeadCell>
          <HeadCell>This server calls it</HeadCell>
          <HeadCell>It calls this server</HeadCell>
          <HeadCell>Checked</HeadCell>
          <HeadCell>What to do</HeadCell>
        </tr>
      </TableHead>
      <TableBody role="rowgroup" className="max-md:block">
        {members.map(({ id, name, trust }) => (
          <Row role="row" key={id} className={ROW}>
            <RowHeader role="rowheader" className={`${CELL} break-words`}>
              <Link href={`/cluster/${id}`} className="link">
                {name}
              </Link>
              <p className="font-normal text-xs">
                <TrustStatus trust={trust} />
              </p>
            </RowHeader>
            <Cell role="cell" className={CELL}>
              <HalfWords half={trust.ours} />
            </Cell>
            <Cell role="cell" className={CELL}>
              <HalfWords half={trust.theirs} isSpared={trust.state === "not-required"} />
              {trust.notRequired && trust.theirs.state === "missing" && (
                <p className="max-w-80 text-muted text-xs">{trust.notRequired}</p>
              )}
            </Cell>
            <Cell role="cell" className={`${CELL} text-muted`}>
              {trust.checkedAt === null ? "Not yet" : <RelativeTime at={trust.checkedAt} />}
            </Cell>
            <Cell role="cell" className={CELL}>
              <TrustActions id={id} name={name} trust={trust} maySetUp={maySetUp} />
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}
