"use client";

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type ComponentProps, type ReactNode, useState } from "react";
import { buttonLook } from "./button";
import { cn } from "./cn";
import { DialogElement } from "./overlay-container";

export const Dialog = Radix.Root;
export const DialogTrigger = Radix.Trigger;
export const DialogClose = Radix.Close;

interface DialogContentProps extends Omit<ComponentProps<typeof Radix.Content>, "title"> {
  title: ReactNode;
  description?: ReactNode;
  /** Buttons, the main one last. */
  footer?: ReactNode;
  size?: "sm" | "md" | "lg" | "xl";
}

const WIDTH = { sm: "max-w-sm", md: "max-w-lg", lg: "max-w-2xl", xl: "max-w-5xl" };

/** The window of a `Dialog`: title, scrolling body, footer that stays in sight. Escape and the cross close it. */
export function DialogContent({
  title,
  description,
  footer,
  size = "md",
  className,
  children,
  ...rest
}: DialogContentProps) {
  const [element, setElement] = useState<HTMLElement | null>(null);
  return (
    <Radix.Portal>
      <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
      <Radix.Content
        ref={setElement}
        {...(description ? {} : { "aria-describedby": undefined })}
        className={cn(
          "appear fixed inset-x-3 top-[max(1rem,8vh)] z-50 mx-auto flex max-h-[84vh] flex-col rounded-lg border border-line bg-raised shadow-raised",
          WIDTH[size],
          className,
        )}
        {...rest}
      >
        <header className="flex items-start gap-3 px-4 pt-3 pb-2">
          <div className="min-w-0 flex-1">
            <Radix.Title className="font-semibold text-base">{title}</Radix.Title>
            {description && <Radix.Description className="mt-0.5 text-muted">{description}</Radix.Description>}
          </div>
          {/* Without a tooltip: it has the focus when nothing else can take it, and a tooltip would come up with every dialog. */}
          <Radix.Close aria-label="Close" className={cn(buttonLook({ variant: "ghost", size: "icon-sm" }), "-mr-1.5")}>
            <X aria-hidden="true" />
          </Radix.Close>
        </header>
        {children && (
          <div className="min-h-0 flex-1 overflow-y-auto px-4 pt-1 pb-4">
            <DialogElement value={element}>{children}</DialogElement>
          </div>
        )}
        {footer && (
          <footer className="flex flex-wrap justify-end gap-2 border-line border-t px-4 py-2.5">{footer}</footer>
        )}
      </Radix.Content>
    </Radix.Portal>
  );
}
