import Link from "next/link";
import { RepairButton } from "@/components/repair/repair-button";
import { EmptyState } from "@/components/ui/empty-state";
import { Pagination } from "@/components/ui/pagination";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import { zonePath } from "@/components/zones/zone-path";
import type { MemberZone, MemberZoneList } from "@/lib/members/queries";

const STATE: Record<MemberZone["state"], { kind: "warning" | "error"; word: string }> = {
  "set-aside": { kind: "error", word: "Set aside" },
  "not-served": { kind: "warning", word: "Not served" },
};

/** Zones that a member refused, or took without serving them: each with its reason and when it is tried again. */
export function AttentionZones({ memberId, zones }: { memberId: number; zones: MemberZoneList }) {
  if (zones.total === 0)
    return (
      <EmptyState title="No zone needs attention here">
        A zone that this server refuses, or takes without answering for it, is listed here with the reason. It holds up
        no other zone.
      </EmptyState>
    );
  return (
    <>
      <Table label="Zones with the reason and the next try">
        <TableHead>
          <tr>
            <HeadCell>Zone</HeadCell>
            <HeadCell>State</HeadCell>
            <HeadCell>Reason</HeadCell>
            <HeadCell numeric>Tries</HeadCell>
            <HeadCell>Next try</HeadCell>
            <HeadCell hideLabel>Actions</HeadCell>
          </tr>
        </TableHead>
        <TableBody>
          {zones.rows.map((zone) => (
            <Row key={zone.name}>
              <RowHeader>
                <Link href={zonePath(zone.name)} className="link">
                  {zone.displayName}
                </Link>
              </RowHeader>
              <Cell>
                <Status kind={STATE[zone.state].kind}>{STATE[zone.state].word}</Status>
              </Cell>
              <Cell className="min-w-60">{zone.reason}</Cell>
              <Cell numeric>{zone.attempts}</Cell>
              <Cell>{zone.nextTryAt === null ? "" : <RelativeTime at={zone.nextTryAt} />}</Cell>
              <Cell>
                <RepairButton zone={zone.name} memberId={memberId} label={`${zone.displayName} at this server`} />
              </Cell>
            </Row>
          ))}
        </TableBody>
      </Table>
      {zones.total > zones.pageSize && (
        <Pagination
          page={zones.page}
          pageSize={zones.pageSize}
          total={zones.total}
          noun="zones"
          href={(page) => `/cluster/${memberId}?page=${page}#attention`}
        />
      )}
    </>
  );
}
