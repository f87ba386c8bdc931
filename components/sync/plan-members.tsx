import { Status } from "@/components/ui/status";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import { dnsRole } from "@/lib/members/dns-role";
import type { PlannedMember } from "@/lib/sync-jobs/job";
import { LOCAL } from "@/lib/sync-jobs/schemas";
import { counted, MARK_WORDS } from "./sync-words";

/** What each member answered when the plan was made. */
export function PlanMembers({ members }: { members: readonly PlannedMember[] }) {
  return (
    <Table label="What each server answered">
      <TableHead>
        <tr>
          <HeadCell>Server</HeadCell>
          <HeadCell>DNS role</HeadCell>
          <HeadCell>Answer</HeadCell>
        </tr>
      </TableHead>
      <TableBody>
        {members.map((member) => (
          <Row key={member.id}>
            <RowHeader className="break-all">{member.name}</RowHeader>
            <Cell>{member.id === LOCAL ? "" : member.role === "" ? "Root decides" : dnsRole(member.role).label}</Cell>
            <Cell>
              <Answer member={member} />
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

function Answer({ member: { zones, problem, note, hasLostZones } }: { member: PlannedMember }) {
  if (problem !== null)
    return (
      <>
        <Status kind="error">Could not be asked</Status>
        <p className="break-words text-muted text-xs">{problem} Nothing is planned with it.</p>
      </>
    );
  const words = zones === null ? "Answered" : `Holds ${counted(zones, "zone")}`;
  return (
    <>
      <Status kind={hasLostZones ? "warning" : "ok"}>{words}</Status>
      {hasLostZones && <p className="text-muted text-xs">{MARK_WORDS["few-zones"]}</p>}
      {note !== null && <p className="break-words text-muted text-xs">{note}</p>}
    </>
  );
}
