import { TriangleAlert } from "lucide-react";
import { ProblemList } from "@/components/zones/problem-list";
import type { ZoneProblem } from "@/lib/dns/zone";

/** What is doubtful about the zone as it is saved; folded when it is more than a line or two. */
export function ZoneWarnings({ problems }: { problems: readonly ZoneProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <details open={problems.length <= 2} className="mb-4 rounded-md border border-warn/35 bg-warn-soft px-3 py-2">
      <summary className="target flex cursor-pointer items-center gap-2 font-medium">
        <TriangleAlert aria-hidden="true" className="size-4 text-warn" />
        {problems.length === 1 ? "One warning" : `${problems.length} warnings`}
      </summary>
      <div className="mt-2">
        <ProblemList problems={problems} label="Warnings" />
      </div>
    </details>
  );
}
