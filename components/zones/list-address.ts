import type { ZoneListQuery } from "@/lib/zones/schemas";

type ListQuery = Pick<ZoneListQuery, "q" | "page" | "sort" | "dir" | "writers" | "served">;

/** What was asked for when nothing is said. */
const DEFAULTS: ListQuery = { q: "", page: 1, sort: "name", dir: "asc", writers: "any", served: "any" };

/** The address of a list with some of its parameters changed; what is as usual is left out. */
export function listAddress(
  path: string,
  query: ListQuery,
  changes: Partial<ZoneListQuery> = {},
  defaults: Partial<typeof DEFAULTS> = {},
): string {
  const usual = { ...DEFAULTS, ...defaults };
  const wanted = { ...query, ...changes };
  const params = new URLSearchParams();
  for (const key of ["q", "writers", "served", "sort", "dir", "page"] as const)
    if (wanted[key] !== usual[key]) params.set(key, String(wanted[key]));
  return params.size === 0 ? path : `${path}?${params}`;
}

/** For a column's heading: sorting by it, or the other way round when it is sorted by already. Figures and times start with the greatest. */
export function sortLink(
  path: string,
  query: ListQuery,
  column: ZoneListQuery["sort"],
  defaults: Partial<typeof DEFAULTS> = {},
): { href: string; dir: "asc" | "desc" | null } {
  const isSorted = query.sort === column;
  const first = column === "name" ? "asc" : "desc";
  const dir = isSorted ? (query.dir === "asc" ? "desc" : "asc") : first;
  return { href: listAddress(path, query, { sort: column, dir, page: 1 }, defaults), dir: isSorted ? query.dir : null };
}
