"use client";

import { type ReactNode, useEffect, useRef } from "react";

interface ScrollRegionProps {
  label: string;
  /** What shall be seen, as distances from the left and the top of what is in the region; null: wherever it stands. */
  at: { readonly x: number; readonly y: number } | null;
  className?: string;
  children: ReactNode;
}

/** A part of the page that scrolls by itself, in both directions, and goes to what was searched for. */
export function ScrollRegion({ label, at, className, children }: ScrollRegionProps) {
  const region = useRef<HTMLElement>(null);
  const [x, y] = [at?.x, at?.y];
  useEffect(() => {
    const element = region.current;
    if (!element || x === undefined || y === undefined) return;
    element.scrollTo({ left: x - element.clientWidth / 2, top: y - element.clientHeight / 2 });
  }, [x, y]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to take the focus to be scrolled by keyboard (WCAG 2.1.1).
    <section ref={region} aria-label={label} tabIndex={0} className={className}>
      {children}
    </section>
  );
}
