"use client";

import { KeyHints } from "@/components/zones/key-hints";
import { moveFocus } from "@/components/zones/move-focus";
import { useKeys } from "@/components/zones/use-keys";

const KEYS = [
  ["/", "search"],
  ["J K", "move"],
  ["Enter", "open"],
] as const;

/** J and K (or arrows) move through the zones of the list, Enter opens one. */
export function ProblemKeys() {
  const move = (by: 1 | -1) => moveFocus(document.body, "[data-pair]", by);
  useKeys({
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
  });
  return <KeyHints keys={KEYS} />;
}
