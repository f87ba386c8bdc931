"use client";

import type { ComponentProps } from "react";
import { cn } from "./cn";
import { useFieldWiring } from "./field";

interface TextareaProps extends ComponentProps<"textarea"> {
  /** Zone files, lists of addresses: monospaced, without the browser's corrections. */
  mono?: boolean;
}

/** A text input of several lines. Inside a `Field` it needs no id. */
export function Textarea({ mono = false, className, ...rest }: TextareaProps) {
  return (
    <textarea
      {...useFieldWiring()}
      {...(mono ? { spellCheck: false, autoCapitalize: "none", autoCorrect: "off" } : {})}
      className={cn("control min-h-16 py-1.5 text-sm", mono && "font-mono text-[0.78rem] leading-5", className)}
      {...rest}
    />
  );
}
