import { Banner } from "@/components/ui/banner";
import type { TargetNotes as Notes } from "@/lib/zones/queries-target-notes";

/** What members that hold a part of a zone would leave out of it: said before it is sent. */
export function TargetNotes({ targets }: { targets: readonly Notes[] }) {
  if (targets.length === 0) return null;
  return (
    <Banner tone="info" title="Not everything is sent everywhere">
      <ul aria-label="What members leave out" className="flex flex-col gap-1.5">
        {targets.map(({ label, notes }) => (
          <li key={label}>
            <bdi className="break-all font-medium">{label}</bdi>
            {notes.map((note) => (
              <p key={note} className="break-words">
                {note}
              </p>
            ))}
          </li>
        ))}
      </ul>
    </Banner>
  );
}
