"use client";

import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "./cn";
import { useFieldWiring } from "./field";

/** The platform's own menu of options: works without JavaScript, by keyboard and on phones. Inside a `Field` it needs no id. */
export function Select({ className, children, ...rest }: ComponentProps<"select">) {
  return (
    <span className={cn("relative inline-block w-full", className)}>
      <select {...useFieldWiring()} className="control h-8 appearance-none truncate pr-7 text-sm" {...rest}>
        {children}
      </select>
      <ChevronDown aria-hidden="true" className="pointer-events-none absolute top-2.5 right-2 size-3.5 text-muted" />
    </span>
  );
}
