"use client";

import { toast } from "sonner";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { RelativeTime } from "@/components/ui/relative-time";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import type { RefusedCaller } from "@/lib/trusted-ips/service";
import { forgetCaller, trustCaller } from "./actions";

const REASON: Readonly<Record<RefusedCaller["reason"], string>> = {
  token: "None of the token's allowed addresses",
  untrusted: "Not a trusted IP",
  proxy: "Handed on by a proxy that is not named",
};

/** Who called from where it may not, with the one click that lets it in. */
export function RefusedTable({ refused }: { refused: readonly RefusedCaller[] }) {
  const trust = useAction(trustCaller, {
    onSuccess: ({ address }) => toast.success(`${address} is trusted from its next call on.`),
  });
  const forget = useAction(forgetCaller);
  return (
    <Table label="Callers that were refused">
      <TableHead>
        <tr>
          <HeadCell>From</HeadCell>
          <HeadCell>API token</HeadCell>
          <HeadCell>Refused because</HeadCell>
          <HeadCell>Last call</HeadCell>
          <HeadCell hideLabel>Actions</HeadCell>
        </tr>
      </TableHead>
      <TableBody>
        {refused.map(({ id, address, username, tokenName, call, reason, count, lastAt }) => (
          <Row key={id}>
            <RowHeader className="font-mono text-xs">{address}</RowHeader>
            <Cell>
              <code>{tokenName}</code> of {username}
            </Cell>
            <Cell>
              {REASON[reason]}
              {call !== "" && (
                <span className="block text-muted text-xs">
                  Called <code>{call}</code>
                </span>
              )}
            </Cell>
            <Cell className="whitespace-nowrap text-muted">
              <RelativeTime at={lastAt} />
              {count > 1 && `, ${count} calls`}
            </Cell>
            <Cell className="w-px">
              <span className="flex gap-1">
                {reason !== "proxy" && (
                  <Button
                    size="sm"
                    variant="primary"
                    aria-label={`Trust ${address}`}
                    disabled={trust.pending}
                    onClick={() => trust.run({ id })}
                  >
                    Trust this address
                  </Button>
                )}
                <Button
                  size="sm"
                  aria-label={`Take ${address} off the list`}
                  disabled={forget.pending}
                  onClick={() => forget.run({ id })}
                >
                  Dismiss
                </Button>
              </span>
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}
