"use client";

import type { ComponentProps } from "react";
import { cn } from "./cn";
import { useFieldWiring } from "./field";

interface InputProps extends ComponentProps<"input"> {
  /** Names, addresses, tokens: monospaced, without the browser's corrections. */
  mono?: boolean;
}

const VERBATIM = { spellCheck: false, autoCapitalize: "none", autoCorrect: "off" } as const;

/** A one-line text input. Inside a `Field` it needs no id. */
export function Input({ mono = false, className, ...rest }: InputProps) {
  return (
    <input
      {...useFieldWiring()}
      {...(mono ? VERBATIM : {})}
      className={cn("control h-8 text-sm", mono && "font-mono text-[0.78rem]", className)}
      {...rest}
    />
  );
}
