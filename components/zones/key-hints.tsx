import { Kbd } from "@/components/ui/kbd";

/** The keys of a page, where there is a keyboard. @param keys what to press, and what it does */
export function KeyHints({ keys }: { keys: readonly (readonly [keys: string, does: string])[] }) {
  return (
    <ul
      aria-label="Keys"
      className="flex flex-wrap gap-x-4 gap-y-1 border-line border-t px-3 py-1.5 text-muted text-xs max-md:hidden"
    >
      {keys.map(([pressed, does]) => (
        <li key={pressed} className="flex items-center gap-1.5">
          <Kbd keys={pressed} /> {does}
        </li>
      ))}
    </ul>
  );
}
