"use client";

import type { VariantProps } from "class-variance-authority";
import type { ComponentProps, ReactNode } from "react";
import { Button, type buttonLook } from "./button";
import { Tooltip } from "./tooltip";

interface IconButtonProps extends Omit<ComponentProps<"button">, "children" | "aria-label"> {
  /** The accessible name, shown as a tooltip too. */
  label: string;
  /** An icon; drawn for the eye only. With `asChild`, a link that holds the icon. */
  children: ReactNode;
  variant?: VariantProps<typeof buttonLook>["variant"];
  size?: "icon" | "icon-sm";
  pending?: boolean;
  asChild?: boolean;
  /** Names shortcuts, such as "A Z" after the label. */
  hint?: ReactNode;
}

/** A square button with an icon; its name is always there for those who cannot see the icon. */
export function IconButton({ label, hint, variant = "ghost", size = "icon", children, ...rest }: IconButtonProps) {
  return (
    <Tooltip
      content={
        hint ? (
          <span className="flex items-center gap-2">
            {label} {hint}
          </span>
        ) : (
          label
        )
      }
    >
      <Button variant={variant} size={size} aria-label={label} {...rest}>
        {children}
      </Button>
    </Tooltip>
  );
}
