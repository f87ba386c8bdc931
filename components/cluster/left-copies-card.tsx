"use client";

import { toast } from "sonner";
import { removeCopies } from "@/app/(panel)/cluster/actions";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Status } from "@/components/ui/status";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import type { LeftCopies } from "@/lib/members/left-copies";

interface LeftCopiesCardProps {
  memberId: number;
  name: string;
  copies: LeftCopies;
}

/** Copies of zones that are no longer sent to a member: they stay until somebody removes them. */
export function LeftCopiesCard({ memberId, name, copies }: LeftCopiesCardProps) {
  const remove = useAction(removeCopies, {
    onSuccess: ({ removed }) =>
      toast.success(removed === 1 ? "1 copy is being removed." : `${removed} copies are being removed.`),
  });
  const waiting = copies.rows.filter((copy) => !copy.isWithdrawn);
  const count = waiting.length === 1 ? "1 copy" : `${waiting.length} copies`;
  return (
    <Card
      title="Copies left here"
      description="These zones are no longer sent to this server: they belong to another cluster now. Their copies stay as they are and grow old."
      flush
      actions={
        waiting.length > 0 && (
          <ConfirmDialog
            trigger={<Button size="sm">Remove these copies</Button>}
            title={`Remove ${count} from ${name}?`}
            description={`${name} stops answering for these zones. They stay on this server and wherever else they are sent. Where a domain still names ${name} as its nameserver, it is no longer found there.`}
            confirmLabel={`Remove ${count}`}
            onConfirm={() => remove.run({ memberId, zoneIds: waiting.map((copy) => copy.zoneId) })}
          />
        )
      }
    >
      <Table label="Copies left at this server">
        <TableHead>
          <tr>
            <HeadCell>Zone</HeadCell>
            <HeadCell numeric>Serial there</HeadCell>
            <HeadCell>State</HeadCell>
          </tr>
        </TableHead>
        <TableBody>
          {copies.rows.map((copy) => (
            <Row key={copy.zoneId}>
              <RowHeader>{copy.displayName}</RowHeader>
              <Cell numeric>{copy.serial}</Cell>
              <Cell className="min-w-60">
                {copy.isWithdrawn ? (
                  <Status kind="waiting">{copy.error ?? "Being removed"}</Status>
                ) : (
                  <Status kind="warning">No longer sent here</Status>
                )}
              </Cell>
            </Row>
          ))}
        </TableBody>
      </Table>
      {copies.total > copies.rows.length && (
        <p className="border-line border-t px-3 py-2 text-muted text-xs">
          {copies.total - copies.rows.length} more are listed when these are gone.
        </p>
      )}
    </Card>
  );
}
