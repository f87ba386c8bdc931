import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./cn";
import { Spinner } from "./spinner";

export const buttonLook = cva(
  "inline-flex select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium transition-colors duration-75 disabled:opacity-55 [&_svg]:size-3.5 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "border-accent bg-accent text-on-accent hover:brightness-110 active:brightness-95",
        secondary: "border-line-strong/60 bg-raised text-ink hover:border-line-strong hover:bg-sunken",
        ghost: "border-transparent text-ink hover:bg-ink/7",
        danger: "border-bad bg-bad text-on-bad hover:brightness-110 active:brightness-95",
      },
      size: { md: "h-8 px-3 text-sm", sm: "h-7 px-2 text-xs", icon: "size-8 p-0", "icon-sm": "size-7 p-0" },
    },
    defaultVariants: { variant: "secondary", size: "md" },
  },
);

interface ButtonProps extends ComponentProps<"button">, VariantProps<typeof buttonLook> {
  /** The action runs: a spinner shows and further clicks do nothing. */
  pending?: boolean;
  /** Gives the look to the only child, such as a link. */
  asChild?: boolean;
}

/** A button. `type` is "button" unless told otherwise, so that none submits a form by accident. */
export function Button({ variant, size, pending = false, asChild = false, className, children, ...rest }: ButtonProps) {
  const look = cn(buttonLook({ variant, size }), className);
  if (asChild)
    return (
      <Slot.Root className={look} {...rest}>
        {children}
      </Slot.Root>
    );
  return (
    <button
      type="button"
      className={look}
      {...rest}
      disabled={rest.disabled || pending}
      aria-busy={pending || undefined}
    >
      {pending && <Spinner />}
      {children}
    </button>
  );
}
