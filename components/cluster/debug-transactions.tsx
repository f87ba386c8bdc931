import { EmptyState } from "@/components/ui/empty-state";
import { Status } from "@/components/ui/status";
import { Cell, HeadCell, Row, Table, TableBody, TableHead } from "@/components/ui/table";
import { utcWords } from "@/components/ui/time-words";
import type { RecordedTransaction } from "@/lib/members/debug-log";

const figure = new Intl.NumberFormat("en");

interface DebugTransactionsProps {
  transactions: readonly RecordedTransaction[];
  /** Whether debug mode is on: what an empty list means. */
  isOn: boolean;
}

/** Exchanges with a member as debug mode recorded them, newest first. */
export function DebugTransactions({ transactions, isOn }: DebugTransactionsProps) {
  if (transactions.length === 0)
    return (
      <EmptyState title="Nothing recorded">
        {isOn ? "The next command to this server is recorded." : "Turn debug mode on to record what is exchanged."}
      </EmptyState>
    );
  return (
    <Table label="Transactions, newest first">
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
          <Transaction key={entry.position} entry={entry} />
        ))}
      </TableBody>
    </Table>
  );
}

function Transaction({ entry }: { entry: RecordedTransaction }) {
  return (
    <Row>
      <Cell className="whitespace-nowrap align-top">
        <code>{utcWords(Date.parse(entry.at))}</code>
      </Cell>
      <Cell className="whitespace-nowrap align-top">
        <code>
          {entry.method} {entry.operation}
        </code>
      </Cell>
      <Cell numeric className="align-top">
        {figure.format(entry.sent)}
      </Cell>
      <Cell numeric className="align-top">
        {figure.format(entry.received)}
      </Cell>
      <Cell numeric className="align-top">
        {figure.format(entry.durationMs)}
      </Cell>
      <Cell className="min-w-72 align-top">
        <Status kind={entry.error === null ? "ok" : "error"} className="whitespace-normal">
          {entry.error ?? "Done"}
        </Status>
        {entry.request !== undefined && (
          <details className="mt-1">
            <summary className="target cursor-pointer text-muted">Request and reply</summary>
            <Excerpt label="Request" text={entry.request} />
            <Excerpt label="Reply" text={entry.reply ?? ""} />
          </details>
        )}
      </Cell>
    </Row>
  );
}

function Excerpt({ label, text }: { label: string; text: string }) {
  return (
    <>
      <p className="mt-2 font-medium text-xs">{label}</p>
      <pre className="whitespace-pre-wrap text-xs [overflow-wrap:anywhere]">{text || "(empty)"}</pre>
    </>
  );
}
