import { Status } from "@/components/ui/status";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import type { TargetReceipt } from "@/lib/zones/receipts";
import { ReceiptNotes } from "./receipt-notes";
import { latencyWords, RECEIPT_LOOK } from "./receipt-words";

/** One change at every target. */
export function ReceiptTable({ targets }: { targets: readonly TargetReceipt[] }) {
  return (
    <Table label="Nameservers" regionClassName="max-h-72">
      <TableHead>
        <tr>
          <HeadCell>Nameserver</HeadCell>
          <HeadCell>State</HeadCell>
          <HeadCell numeric>Accepted after</HeadCell>
          <HeadCell numeric>Served after</HeadCell>
        </tr>
      </TableHead>
      <TableBody>
        {targets.map((target) => (
          <Row key={target.targetId}>
            <RowHeader>
              <bdi className="break-all">{target.label}</bdi>
              <ReceiptNotes target={target} />
            </RowHeader>
            <Cell>
              <Status kind={target.error && target.state === "pending" ? "warning" : RECEIPT_LOOK[target.state].kind}>
                {RECEIPT_LOOK[target.state].word}
              </Status>
            </Cell>
            <Cell numeric>{target.acceptedMs === null ? "—" : latencyWords(target.acceptedMs)}</Cell>
            <Cell numeric>{target.servedMs === null ? "—" : latencyWords(target.servedMs)}</Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}
