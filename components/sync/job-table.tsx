import { Link } from "@/components/ui/link";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import { toUnicode } from "@/lib/dns/name";
import type { JobView } from "@/lib/sync-jobs/queries";
import { counted, JOB_WORDS, jobState } from "./sync-words";

interface JobTableProps {
  jobs: readonly JobView[];
  /** Those of several accounts are shown: whose each one is. */
  hasAccounts: boolean;
}

/** The latest synchronizations, newest first. */
export function JobTable({ jobs, hasAccounts }: JobTableProps) {
  return (
    <Table label="Synchronizations, newest first">
      <TableHead>
        <tr>
          <HeadCell>What</HeadCell>
          <HeadCell>State</HeadCell>
          <HeadCell className="max-sm:hidden">Steps</HeadCell>
          {hasAccounts && <HeadCell className="max-md:hidden">Whose zones</HeadCell>}
          <HeadCell className="max-md:hidden">Who</HeadCell>
          <HeadCell className="max-sm:hidden">When</HeadCell>
        </tr>
      </TableHead>
      <TableBody>
        {jobs.map((job) => {
          const { kind, words } = jobState(job);
          return (
            <Row key={job.id}>
              <RowHeader>
                <Link href={`/synchronize/${job.id}`} className="link">
                  {JOB_WORDS[job.choice]}
                </Link>
                {job.zone !== null && <bdi className="block break-all font-normal">{toUnicode(job.zone)}</bdi>}
              </RowHeader>
              <Cell>
                <Status kind={kind}>{words}</Status>
              </Cell>
              <Cell className="max-sm:hidden">{counted(job.total, "step")}</Cell>
              {hasAccounts && (
                <Cell className="max-md:hidden">{job.account === null ? "Everybody’s" : <bdi>{job.account}</bdi>}</Cell>
              )}
              <Cell className="max-md:hidden">
                <bdi>{job.actorName}</bdi>
              </Cell>
              <Cell className="max-sm:hidden">
                <RelativeTime at={job.createdAt} />
              </Cell>
            </Row>
          );
        })}
      </TableBody>
    </Table>
  );
}
