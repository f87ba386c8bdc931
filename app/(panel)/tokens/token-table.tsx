import { Badge } from "@/components/ui/badge";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status, type StatusKind } from "@/components/ui/status";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import type { TokenAcl } from "@/lib/tokens/acls";
import type { TokenInfo, TokenState } from "@/lib/tokens/token-info";
import { EditToken } from "./edit-token";
import { RevokeToken } from "./revoke-token";

interface TokenTableProps {
  tokens: readonly TokenInfo[];
  /** The privileges that can be given. */
  grantable: readonly TokenAcl[];
}

export function TokenTable({ tokens, grantable }: TokenTableProps) {
  return (
    <Table label="API Tokens">
      <TableHead>
        <tr>
          <HeadCell>Name</HeadCell>
          <HeadCell>Privileges</HeadCell>
          <HeadCell>Allowed addresses</HeadCell>
          <HeadCell>State</HeadCell>
          <HeadCell>Last used</HeadCell>
          <HeadCell>Created</HeadCell>
          <HeadCell hideLabel>Actions</HeadCell>
        </tr>
      </TableHead>
      <TableBody>
        {tokens.map((token) => (
          <Row key={token.name}>
            <RowHeader className="font-mono text-xs">
              {token.name}
              {token.memberId !== null && (
                <span className="block font-normal font-sans text-muted">Made by a reverse trust</span>
              )}
            </RowHeader>
            <Cell>
              <span className="flex flex-wrap gap-1">
                {token.acls.map((acl) => (
                  <Badge key={acl} mono tone={acl === "all" ? "accent" : "neutral"}>
                    {acl}
                  </Badge>
                ))}
              </span>
            </Cell>
            <Cell className="font-mono text-xs">
              {token.allowedIps.length === 0 ? "Everywhere" : token.allowedIps.join(", ")}
            </Cell>
            <Cell>
              <State token={token} />
            </Cell>
            <Cell className="whitespace-nowrap text-muted">
              {token.lastUsedAt === null ? (
                "Never"
              ) : (
                <>
                  <RelativeTime at={token.lastUsedAt} />
                  {token.lastUsedIp && <> from {token.lastUsedIp}</>}
                </>
              )}
            </Cell>
            <Cell className="text-muted">
              <RelativeTime at={token.createdAt} />
            </Cell>
            <Cell className="w-px">
              <span className="flex gap-1">
                <EditToken token={token} grantable={grantable} />
                <RevokeToken name={token.name} />
              </span>
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

const KIND: Record<TokenState, StatusKind> = { ok: "ok", expiring: "warning", expired: "error", unused: "warning" };

function State({ token: { state, expiresAt, lastUsedAt } }: { token: TokenInfo }) {
  const isOver = state === "expired";
  return (
    <>
      <Status kind={KIND[state]}>
        {state === "unused" ? (lastUsedAt === null ? "Never used" : "Not used any more") : isOver ? "Expired" : "Valid"}
      </Status>
      <span className="block text-muted text-xs">
        {state === "unused" && "Revoke it if nothing needs it. "}
        {expiresAt === null ? (
          "Does not expire"
        ) : (
          <>
            {isOver ? "Ended" : "Expires"} <RelativeTime at={expiresAt} />
          </>
        )}
      </span>
    </>
  );
}
