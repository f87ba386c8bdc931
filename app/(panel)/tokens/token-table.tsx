import { Badge } from "@/components/ui/badge";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import type { TokenInfo } from "@/lib/tokens/service";
import { RevokeToken } from "./revoke-token";

export function TokenTable({ tokens }: { tokens: readonly TokenInfo[] }) {
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
            <RowHeader className="font-mono text-xs">{token.name}</RowHeader>
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
              <Expiry token={token} />
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
              <RevokeToken name={token.name} />
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

function Expiry({ token }: { token: TokenInfo }) {
  if (token.expiresAt === null) return <Status kind="ok">Does not expire</Status>;
  if (token.isExpired)
    return (
      <Status kind="error">
        Expired <RelativeTime at={token.expiresAt} />
      </Status>
    );
  return (
    <Status kind="ok">
      Expires <RelativeTime at={token.expiresAt} />
    </Status>
  );
}
