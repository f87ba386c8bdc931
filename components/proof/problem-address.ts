import type { ProblemListQuery } from "@/lib/proof/schemas";

/** A list of differences, and what it is narrowed to. */
export interface ProblemAddress extends ProblemListQuery {
  readonly path: string;
  /** Where on its page it is. */
  readonly anchor?: string;
}

/** What is as usual is left out. */
export function problemAddress({ path, anchor = "", q, cause, at, page }: ProblemAddress): string {
  const params = new URLSearchParams();
  if (q.trim() !== "") params.set("q", q.trim());
  if (cause !== null) params.set("cause", cause);
  if (at !== null) params.set("at", String(at));
  if (page > 1) params.set("page", String(page));
  return `${path}${params.size > 0 ? `?${params}` : ""}${anchor}`;
}
