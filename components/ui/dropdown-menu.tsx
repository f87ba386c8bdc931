"use client";

import { Check } from "lucide-react";
import { DropdownMenu as Radix } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";
import { useOverlayContainer } from "./overlay-container";

export const Menu = Radix.Root;
export const MenuTrigger = Radix.Trigger;

/** The list of a `Menu`. */
export function MenuContent({ align = "end", className, ...rest }: ComponentProps<typeof Radix.Content>) {
  const container = useOverlayContainer();
  return (
    <Radix.Portal container={container}>
      <Radix.Content
        align={align}
        sideOffset={4}
        collisionPadding={8}
        className={cn("appear z-50 min-w-44 rounded-lg border border-line bg-raised p-1 shadow-raised", className)}
        {...rest}
      />
    </Radix.Portal>
  );
}

interface MenuItemProps extends ComponentProps<typeof Radix.Item> {
  icon?: ReactNode;
  /** Keys that do the same. */
  shortcut?: ReactNode;
  tone?: "danger";
}

/** One entry; with `asChild`, a link. */
export function MenuItem({ icon, shortcut, tone, asChild, className, children, ...rest }: MenuItemProps) {
  const look = cn(
    "flex h-8 cursor-default select-none items-center gap-2 rounded-sm px-2 outline-none data-disabled:text-muted data-highlighted:bg-accent-soft [&_svg]:size-3.5",
    tone === "danger" && "text-bad data-highlighted:bg-bad-soft",
    className,
  );
  if (asChild)
    return (
      <Radix.Item asChild className={look} {...rest}>
        {children}
      </Radix.Item>
    );
  return (
    <Radix.Item className={look} {...rest}>
      {icon}
      <span className="flex-1">{children}</span>
      {shortcut}
    </Radix.Item>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2 py-1 text-muted text-xs">{children}</Radix.Label>;
}

export function MenuSeparator() {
  return <Radix.Separator className="-mx-1 my-1 h-px bg-line" />;
}

/** One of several; the chosen one carries a check mark. */
export const MenuRadioGroup = Radix.RadioGroup;

export function MenuRadioItem({
  icon,
  children,
  ...rest
}: ComponentProps<typeof Radix.RadioItem> & { icon?: ReactNode }) {
  return (
    <Radix.RadioItem
      className="flex h-8 cursor-default select-none items-center gap-2 rounded-sm px-2 outline-none data-highlighted:bg-accent-soft [&_svg]:size-3.5"
      {...rest}
    >
      {icon}
      <span className="flex-1">{children}</span>
      <Radix.ItemIndicator>
        <Check aria-hidden="true" />
      </Radix.ItemIndicator>
    </Radix.RadioItem>
  );
}
