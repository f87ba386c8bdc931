import { EmptyState } from "@/components/ui/empty-state";
import { Cell, HeadCell, Row, Table, TableBody, TableHead } from "@/components/ui/table";
import { utcWords } from "@/components/ui/time-words";
import type { RecordedTransaction } from "@/lib/members/debug-log";

const figure = new Intl.NumberFormat("en");

/** The latest exchanges with a member in debug mode, newest first. */
export function DebugTransactions({ transactions }: { transactions: readonly RecordedTransaction[] }) {
  if (transactions.length === 0)
    return <EmptyState title="Nothing recorded yet">The next command to this server is recorded.</EmptyState>;
  return (
    <Table label="Transactions, newest first" regionClassName="max-h-96">
      <TableHead>
        <tr>
          <HeadCell>Time</HeadCell>
          <HeadCell>Command</HeadCell>
          <HeadCell numeric>Sent, octets</HeadCell>
          <HeadCell numeric>Received, octets</HeadCell>
          <HeadCell numeric>Took, ms</HeadCell>
          <HeadCell>Result</HeadCell>
        </tr>
      </TableHead>
      <TableBody>
        {transactions.map((entry) => (
          <Row key={entry.position}>
            <Cell className="whitespace-nowrap">
              <code>{utcWords(Date.parse(entry.at))}</code>
            </Cell>
            <Cell className="whitespace-nowrap">
              <code>
                {entry.method} {entry.operation}
              </code>
            </Cell>
            <Cell numeric>{figure.format(entry.sent)}</Cell>
            <Cell numeric>{figure.format(entry.received)}</Cell>
            <Cell numeric>{figure.format(entry.durationMs)}</Cell>
            <Cell className="min-w-48">{entry.error ?? "Done"}</Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}
