import { cn } from "@/components/ui/cn";
import { Link } from "@/components/ui/link";
import type { PropagationWindow } from "@/lib/proof/schemas";

const WINDOWS: readonly [PropagationWindow, string][] = [
  ["hour", "1 hour"],
  ["day", "24 hours"],
  ["week", "7 days"],
];

/** How far back the chart looks; plain links. */
export function WindowLinks({ window }: { window: PropagationWindow }) {
  return (
    <nav aria-label="Time" className="flex gap-1">
      {WINDOWS.map(([value, label]) => (
        <Link
          key={value}
          href={value === "day" ? "/proof" : `/proof?window=${value}`}
          scroll={false}
          aria-current={value === window ? "page" : undefined}
          className={cn(
            "rounded-md px-2 py-1",
            value === window ? "bg-sunken font-medium" : "text-muted hover:text-ink hover:underline",
          )}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
