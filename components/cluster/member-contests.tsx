import { Card } from "@/components/ui/card";
import { Link } from "@/components/ui/link";
import { RelativeTime } from "@/components/ui/relative-time";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import { ContestMark } from "@/components/zones/contest-mark";
import { CONTEST_EFFECT, contestSentence } from "@/components/zones/contest-words";
import { zonePath } from "@/components/zones/zone-path";
import type { MemberContests as Contests } from "@/lib/zones/queries-contest";

/** Zones that a member and another server write. */
export function MemberContests({ contests }: { contests: Contests }) {
  return (
    <Card
      title="Zones that two servers write"
      description={`This server is one of them. ${CONTEST_EFFECT} Each zone’s page tells what to do.`}
      flush
    >
      <Table label="Zones that two servers write">
        <TableHead>
          <tr>
            <HeadCell>Zone</HeadCell>
            <HeadCell>Mark</HeadCell>
            <HeadCell>Writers</HeadCell>
            <HeadCell>Seen last</HeadCell>
          </tr>
        </TableHead>
        <TableBody>
          {contests.rows.map(({ name, displayName, contest }) => (
            <Row key={name}>
              <RowHeader>
                <Link href={zonePath(name)} className="link">
                  {displayName}
                </Link>
              </RowHeader>
              <Cell>
                <ContestMark contest={contest} />
              </Cell>
              <Cell className="min-w-60">{contest.writers?.join(" and ") ?? contestSentence(contest)}</Cell>
              <Cell>
                <RelativeTime at={contest.at} />
              </Cell>
            </Row>
          ))}
        </TableBody>
      </Table>
      {contests.total > contests.rows.length && (
        <p className="border-line border-t px-3 py-2 text-xs">
          <Link href="/zones?writers=two" className="link">
            All zones that two servers write
          </Link>
        </p>
      )}
    </Card>
  );
}
