"use client";

import { useEffect, useRef } from "react";

/**
 * Shows nothing, and gets `data-scripts-ran` once the effects of what was rendered together with it have run: from then on the page answers keys and clicks.
 * It stands in the page and not in the frame around it, because a page behind a loading state gets its scripts later than the frame. It is not `aria-busy`,
 * which would never end without JavaScript.
 */
export function ScriptsRan() {
  const mark = useRef<HTMLSpanElement>(null);
  useEffect(() => mark.current?.setAttribute("data-scripts-ran", ""), []);
  return <span ref={mark} hidden />;
}
