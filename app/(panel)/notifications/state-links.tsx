import { cn } from "@/components/ui/cn";
import { Link } from "@/components/ui/link";

const STATES = [
  ["all", "All"],
  ["open", "Going on"],
  ["waiting", "Waiting"],
  ["sent", "Sent"],
  ["failed", "Failed"],
  ["kept", "Kept"],
] as const;

export type NoticeFilter = (typeof STATES)[number][0];

/** Narrows the list by what became of its entries; plain links. */
export function StateLinks({ state, href }: { state: NoticeFilter; href: (state: NoticeFilter) => string }) {
  return (
    <nav aria-label="Show" className="flex flex-wrap gap-1 text-sm">
      {STATES.map(([value, label]) => (
        <Link
          key={value}
          href={href(value)}
          aria-current={value === state ? "page" : undefined}
          className={cn(
            "rounded-md px-2 py-1",
            value === state ? "bg-sunken font-medium" : "text-muted hover:text-ink hover:underline",
          )}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
