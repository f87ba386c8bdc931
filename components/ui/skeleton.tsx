import { cn } from "./cn";

/** Holds the place of what loads. Decorative; put `aria-busy` on the region around it. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <div
      aria-hidden="true"
      className={cn("h-4 animate-pulse rounded-sm bg-ink/8 motion-reduce:animate-none", className)}
    />
  );
}

/** The usual shape of a page that loads: a heading and rows. */
export function PageSkeleton({ rows = 8 }: { rows?: number }) {
  return (
    <div aria-busy="true" className="flex flex-col gap-4">
      <span className="sr-only" role="status">
        Loading…
      </span>
      <Skeleton className="h-7 w-48" />
      <div className="rounded-lg border border-line bg-surface">
        {Array.from({ length: rows }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity.
          <div key={row} className="flex h-8 items-center gap-6 border-line border-b px-3 last:border-b-0">
            <Skeleton className="w-1/3" />
            <Skeleton className="w-16" />
            <Skeleton className="ml-auto w-24" />
          </div>
        ))}
      </div>
    </div>
  );
}
