import type { RevisionRow } from "@/lib/zones/queries-history";

/** What made a revision. */
export const KIND_WORDS: Record<RevisionRow["kind"], string> = {
  create: "Added",
  edit: "Edited",
  delete: "Deleted",
  restore: "Restored",
  import: "Imported",
  receive: "Received",
  move: "Moved",
};
