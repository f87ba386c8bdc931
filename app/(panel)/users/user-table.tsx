import { Badge } from "@/components/ui/badge";
import { Link } from "@/components/ui/link";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import type { UserRow } from "@/lib/users/service";
import { UserActions } from "./user-actions";

const withLimit = (used: number, limit: number | null) => (limit === null ? used : `${used} of ${limit}`);

export function UserTable({ rows }: { rows: readonly UserRow[] }) {
  return (
    <Table label="Users">
      <TableHead>
        <tr>
          <HeadCell>Username</HeadCell>
          <HeadCell>Role</HeadCell>
          <HeadCell>State</HeadCell>
          <HeadCell>E-mail address</HeadCell>
          <HeadCell numeric>Zones</HeadCell>
          <HeadCell numeric>Servers</HeadCell>
          <HeadCell numeric>API tokens</HeadCell>
          <HeadCell>Created</HeadCell>
          <HeadCell hideLabel>Actions</HeadCell>
        </tr>
      </TableHead>
      <TableBody>
        {rows.map((user) => (
          <Row key={user.id}>
            <RowHeader>{user.username}</RowHeader>
            <Cell>
              <Badge tone={user.role === "root" ? "accent" : "neutral"}>{user.role}</Badge>
            </Cell>
            <Cell>
              {user.suspendedAt === null ? (
                <Status kind="ok">Active</Status>
              ) : (
                <Status kind="paused">
                  Suspended <RelativeTime at={user.suspendedAt} />
                </Status>
              )}
            </Cell>
            <Cell className="text-muted">{user.email ?? "—"}</Cell>
            <Cell numeric>{withLimit(user.zones, user.zoneLimit)}</Cell>
            <Cell numeric>{withLimit(user.members, user.memberLimit)}</Cell>
            <Cell numeric>{user.tokens}</Cell>
            <Cell className="text-muted">
              <RelativeTime at={user.createdAt} />
            </Cell>
            <Cell className="w-px">
              {user.role === "root" ? (
                <Link href="/account" className="link whitespace-nowrap">
                  Account
                </Link>
              ) : (
                <UserActions user={user} />
              )}
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}
