"use client";

import { Status } from "@/components/ui/status";
import { toUnicode } from "@/lib/dns/name";
import type { ZoneProblem } from "@/lib/dns/zone";

interface ProblemListProps {
  problems: readonly ZoneProblem[];
  /** Goes to a line of the text beside the list. */
  onLine?: (line: number) => void;
  label?: string;
}

/** What is wrong or doubtful in a zone: where, what, and what to do. Errors first. */
export function ProblemList({ problems, onLine, label = "Problems" }: ProblemListProps) {
  if (problems.length === 0) return null;
  const sorted = [...problems].sort((a, b) => Number(a.severity === "warning") - Number(b.severity === "warning"));
  return (
    <ul aria-label={label} className="flex flex-col gap-1.5">
      {sorted.map((problem) => (
        <li
          key={`${problem.code} ${problem.line} ${problem.owner} ${problem.type} ${problem.message}`}
          className="flex items-start gap-2"
        >
          <Status kind={problem.severity === "error" ? "error" : "warning"} iconOnly className="mt-1">
            {problem.severity === "error" ? "Error" : "Warning"}
          </Status>
          <p className="min-w-0 break-words">
            <Place problem={problem} onLine={onLine} />
            {problem.message}
          </p>
        </li>
      ))}
    </ul>
  );
}

function Place({ problem, onLine }: { problem: ZoneProblem; onLine?: (line: number) => void }) {
  const { line, owner, type } = problem;
  if (line !== undefined && onLine)
    return (
      <>
        <button type="button" className="link" onClick={() => onLine(line)}>
          Line {line}
        </button>
        {": "}
      </>
    );
  if (line !== undefined) return <span className="font-medium">Line {line}: </span>;
  if (owner === undefined) return null;
  return (
    <span className="font-medium">
      <bdi className="break-all">{toUnicode(owner)}</bdi> {type}:{" "}
    </span>
  );
}
