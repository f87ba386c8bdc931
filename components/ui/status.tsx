import type { ReactNode } from "react";
import { cn } from "./cn";

/**
 * What a status means. Each has a shape of its own, so that it can be told without colour:
 * full disc, half disc, ring, triangle, diamond, bars, dashed ring.
 */
export type StatusKind = "ok" | "partial" | "waiting" | "warning" | "error" | "paused" | "unknown";

const TONE: Record<StatusKind, string> = {
  ok: "text-ok",
  partial: "text-accent",
  waiting: "text-muted",
  warning: "text-warn",
  error: "text-bad",
  paused: "text-muted",
  unknown: "text-muted",
};

const SHAPE: Record<StatusKind, ReactNode> = {
  ok: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  partial: (
    <>
      <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.25" />
      <path d="M6 2a4 4 0 0 1 0 8z" fill="currentColor" />
    </>
  ),
  waiting: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.25" />,
  warning: <path d="M6 1.2 11.2 10.6H.8z" fill="currentColor" />,
  error: <path d="M6 .6 11.4 6 6 11.4.6 6z" fill="currentColor" />,
  paused: <path d="M2.5 1.8h2.6v8.4H2.5zM6.9 1.8h2.6v8.4H6.9z" fill="currentColor" />,
  unknown: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2 2.19" />,
};

interface StatusProps {
  kind: StatusKind;
  /** The state in a word or two. */
  children: ReactNode;
  /** Keeps the word for assistive technology and the tooltip only; the shape still tells states apart. */
  iconOnly?: boolean;
  title?: string;
  className?: string;
}

/** A state as shape and word. */
export function Status({ kind, children, iconOnly = false, title, className }: StatusProps) {
  return (
    <span title={title} className={cn("inline-flex items-center gap-1.5 whitespace-nowrap", className)}>
      <svg viewBox="0 0 12 12" aria-hidden="true" className={cn("size-3 shrink-0", TONE[kind])}>
        {SHAPE[kind]}
      </svg>
      <span className={iconOnly ? "sr-only" : undefined}>{children}</span>
    </span>
  );
}
