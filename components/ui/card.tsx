import { type ReactNode, useId } from "react";
import { cn } from "./cn";

interface CardProps {
  title?: ReactNode;
  description?: ReactNode;
  /** Buttons at the right of the title. */
  actions?: ReactNode;
  footer?: ReactNode;
  /** Lets tables and lists reach the edges. */
  flush?: boolean;
  className?: string;
  children?: ReactNode;
}

/** A bordered part of a page, under a heading of level 2 when it has a title. */
export function Card({ title, description, actions, footer, flush = false, className, children }: CardProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={title ? id : undefined}
      className={cn("overflow-hidden rounded-lg border border-line bg-surface", className)}
    >
      {(title || actions) && (
        <header className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-2 border-line border-b px-4 py-2">
          <div className="min-w-0 flex-1">
            <h2 id={id} className="font-semibold">
              {title}
            </h2>
            {description && <p className="text-muted">{description}</p>}
          </div>
          {actions}
        </header>
      )}
      <div className={flush ? undefined : "p-4"}>{children}</div>
      {footer && (
        <footer className="flex flex-wrap items-center gap-2 border-line border-t px-4 py-2.5">{footer}</footer>
      )}
    </section>
  );
}
