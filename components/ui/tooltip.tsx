"use client";

import { Tooltip as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { useOverlayContainer } from "./overlay-container";

/** A short hint at hover and focus. It repeats or explains; nothing may be reachable only through it. */
export function Tooltip({
  content,
  children,
  side,
}: {
  content: ReactNode;
  children: ReactNode;
  side?: "top" | "right" | "bottom" | "left";
}) {
  const container = useOverlayContainer();
  return (
    <Radix.Provider delayDuration={300}>
      <Radix.Root>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal container={container}>
          <Radix.Content
            side={side}
            sideOffset={6}
            collisionPadding={8}
            className="appear z-50 max-w-72 rounded-md bg-ink px-2 py-1 text-canvas text-xs"
          >
            {content}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  );
}
