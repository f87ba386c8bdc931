"use client";

import { createContext, useContext, useEffect, useState } from "react";

/** The dialog around, set by DialogContent. */
export const DialogElement = createContext<HTMLElement | null>(null);

/**
 * Where menus and tooltips are put: into the dialog around them, else into the page's main part. At the end of the body, Radix' own choice, they
 * would lie outside of every landmark, and behind an open dialog they would be hidden from assistive technology.
 * Undefined (the body) where there is neither.
 */
export function useOverlayContainer(): HTMLElement | undefined {
  const dialog = useContext(DialogElement);
  const [main, setMain] = useState<HTMLElement>();
  // Looked up after the commit: while a page change renders, the document still holds the page before.
  useEffect(() => setMain(document.querySelector("main") ?? undefined), []);
  return dialog ?? main;
}
