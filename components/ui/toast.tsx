"use client";

import { useTheme } from "next-themes";
import { Toaster as Sonner } from "sonner";

/** The place where toasts appear; once in the root layout. Show one with sonner's `toast`. */
export function Toaster() {
  const { resolvedTheme } = useTheme();
  return (
    <Sonner
      theme={resolvedTheme === "dark" ? "dark" : "light"}
      position="bottom-right"
      closeButton
      toastOptions={{
        style: {
          background: "var(--raised)",
          color: "var(--ink)",
          border: "1px solid var(--line)",
          borderRadius: "var(--radius-lg)",
          boxShadow: "var(--shadow-raised)",
          fontFamily: "inherit",
          fontSize: "0.8125rem",
        },
        classNames: {
          error: "[&_[data-icon]]:text-bad",
          success: "[&_[data-icon]]:text-ok",
          description: "text-muted!",
        },
      }}
    />
  );
}
