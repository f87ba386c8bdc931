import { cn } from "./cn";

interface ProgressProps {
  /** What is going on. */
  label: string;
  value: number;
  max: number;
  className?: string;
}

/** How far something is, as a bar; put the figures beside it. */
export function Progress({ label, value, max, className }: ProgressProps) {
  const share = max > 0 ? Math.min(1, value / max) : 0;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={value}
      className={cn("h-1.5 overflow-hidden rounded-sm bg-ink/10", className)}
    >
      <div className="h-full bg-accent transition-[width]" style={{ width: `${share * 100}%` }} />
    </div>
  );
}
