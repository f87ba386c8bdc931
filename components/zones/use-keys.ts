"use client";

import { useEffect, useEffectEvent, useRef } from "react";
import { isShortcut } from "@/components/shell/shortcut-keys";

/** Keys as `KeyboardEvent.key`; "mod+s" is Ctrl-S and, on a Mac, Command-S. */
export type KeyMap = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** "g" and a key lead to other pages (components/shell/shortcuts); the second key is not ours, in ms. */
const SEQUENCE = 1_200;

/**
 * Keyboard shortcuts of a page, beside the shell's. Single keys are left alone while somebody types, in dialogs and in menus;
 * "mod+…" comes through while typing, but not past an open dialog.
 */
export function useKeys(keys: KeyMap): void {
  const prefixAt = useRef(Number.NEGATIVE_INFINITY);
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const isMod = (event.ctrlKey || event.metaKey) && !event.altKey;
    const run = keys[isMod ? `mod+${event.key.toLowerCase()}` : event.key];
    if (!isMod) {
      const follows = performance.now() - prefixAt.current < SEQUENCE;
      prefixAt.current = event.key === "g" ? performance.now() : Number.NEGATIVE_INFINITY;
      if (follows || !isShortcut(event)) return;
    } else if (event.defaultPrevented || document.querySelector("[role=dialog], [role=alertdialog]")) return;
    if (!run) return;
    event.preventDefault();
    run(event);
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, []);
}

/** The same inside a dialog: "mod+…" only, whatever has the focus. */
export function useKeysInDialog(keys: KeyMap): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const isMod = (event.ctrlKey || event.metaKey) && !event.altKey;
    const run = isMod ? keys[`mod+${event.key.toLowerCase()}`] : undefined;
    if (!run) return;
    event.preventDefault();
    run(event);
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, []);
}
