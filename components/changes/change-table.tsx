import { Link } from "@/components/ui/link";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import type { ChangeSetRow } from "@/lib/change-sets/queries";
import { CHANGE_STATES, changeTitle, counted } from "./change-words";

/** Change sets, newest first. */
export function ChangeTable({ rows }: { rows: readonly ChangeSetRow[] }) {
  return (
    <Table label="Change sets, newest first">
      <TableHead>
        <tr>
          <HeadCell>What</HeadCell>
          <HeadCell numeric>Zones</HeadCell>
          <HeadCell className="max-md:hidden">State</HeadCell>
          <HeadCell className="max-sm:hidden">Who</HeadCell>
          <HeadCell>When</HeadCell>
        </tr>
      </TableHead>
      <TableBody>
        {rows.map((row) => {
          const { kind, words } = CHANGE_STATES[row.state];
          return (
            <Row key={row.id}>
              <RowHeader className="w-full max-w-0">
                <Link href={`/changes/${row.id}`} className="link break-words">
                  {changeTitle(row)}
                </Link>
              </RowHeader>
              <Cell numeric>
                <span className="sr-only">{counted(row.zones, "zone")}</span>
                <span aria-hidden="true">{row.zones.toLocaleString("en")}</span>
              </Cell>
              <Cell className="max-md:hidden">
                <Status kind={kind}>{words}</Status>
              </Cell>
              <Cell className="max-sm:hidden">
                <bdi>{row.actorName}</bdi>
              </Cell>
              <Cell className="whitespace-nowrap">
                <RelativeTime at={row.createdAt} />
              </Cell>
            </Row>
          );
        })}
      </TableBody>
    </Table>
  );
}
