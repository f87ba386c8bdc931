import type { CatchUp, CatchUpPart } from "@/lib/engine/preview-catch-up";

const figure = new Intl.NumberFormat("en");
const zones = (count: number) => `${figure.format(count)} ${count === 1 ? "zone" : "zones"}`;

/** What would be sent, removed and taken in. */
export function CatchUpWords({ catchUp }: { catchUp: CatchUp }) {
  const { send, remove, take, overwrite, isComparedFirst, note } = catchUp;
  const lines = [
    { part: send, words: `${zones(send.zones)} will be sent` },
    { part: remove, words: `${zones(remove.zones)} deleted here will be removed there` },
    { part: take, words: `${zones(take.zones)} newer there will be taken in` },
    { part: overwrite, words: `${zones(overwrite.zones)} newer there will be overwritten: its DNS role is Write-only` },
  ].filter(({ part }) => part.zones > 0);
  return (
    <>
      {lines.length === 0 ? (
        <p>It holds every zone as it should be: there is nothing to catch up.</p>
      ) : (
        <ul aria-label="What will be caught up" className="list-disc space-y-1 pl-5">
          {lines.map(({ part, words }) => (
            <li key={words}>
              {words}: <Examples part={part} />
            </li>
          ))}
        </ul>
      )}
      {isComparedFirst && (
        <p className="text-muted text-xs">
          It was away for long: all zones are compared both ways before anything is written.
        </p>
      )}
      {note !== null && <p className="text-muted text-xs">{note}</p>}
    </>
  );
}

function Examples({ part: { zones: count, examples } }: { part: CatchUpPart }) {
  const more = count - examples.length;
  return (
    <span className="break-all text-muted">
      {examples.join(", ")}
      {more > 0 && ` and ${figure.format(more)} more`}
    </span>
  );
}
