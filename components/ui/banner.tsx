import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

type BannerTone = "info" | "ok" | "warn" | "bad";

const LOOK: Record<BannerTone, { icon: typeof Info; className: string; word: string }> = {
  info: { icon: Info, className: "border-accent/30 bg-accent-soft [&>svg]:text-accent", word: "Note" },
  ok: { icon: CircleCheck, className: "border-ok/30 bg-ok-soft [&>svg]:text-ok", word: "Done" },
  warn: { icon: TriangleAlert, className: "border-warn/35 bg-warn-soft [&>svg]:text-warn", word: "Attention" },
  bad: { icon: CircleAlert, className: "border-bad/35 bg-bad-soft [&>svg]:text-bad", word: "Error" },
};

interface BannerProps {
  tone?: BannerTone;
  title?: ReactNode;
  /** What to do next: a button or a link. */
  action?: ReactNode;
  /** Announces the banner when it appears; for the outcome of what the user just did. */
  live?: boolean;
  className?: string;
  children?: ReactNode;
}

/** A message in the page: what is the case, and what to do about it. */
export function Banner({ tone = "info", title, action, live = false, className, children }: BannerProps) {
  const { icon: Icon, className: look, word } = LOOK[tone];
  return (
    <div
      role={live ? (tone === "bad" ? "alert" : "status") : undefined}
      className={cn("flex items-start gap-2.5 rounded-md border px-3 py-2", look, className)}
    >
      <Icon aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 flex-1 break-words">
        <span className="sr-only">{word}: </span>
        {title && <p className="font-medium">{title}</p>}
        {children && <div className={title ? "mt-0.5" : undefined}>{children}</div>}
      </div>
      {action}
    </div>
  );
}
