import { relativeName, toUnicode } from "@/lib/dns/name";

/** The name of a record as the editor shows it: relative to the zone, Unicode, "@" for the zone itself. */
export function displayOwner(owner: string, apex: string): string {
  const relative = relativeName(owner, apex);
  return relative === "@" || relative.endsWith(".") ? relative : toUnicode(`${relative}.`);
}

/** The same as an element that right-to-left labels cannot reorder; the whole name is its title. */
export function OwnerName({ owner, apex, className }: { owner: string; apex: string; className?: string }) {
  return (
    <bdi title={owner} className={className}>
      {displayOwner(owner, apex)}
    </bdi>
  );
}
