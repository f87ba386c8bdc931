"use client";

import { createContext, type ReactNode, useContext, useId } from "react";
import { cn } from "./cn";

interface FieldWiring {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
  required: boolean | undefined;
}

const FieldContext = createContext<FieldWiring | null>(null);

/** For controls: what ties them to the `Field` around them. Props given to the control itself win. */
export function useFieldWiring(): Partial<FieldWiring> {
  return useContext(FieldContext) ?? {};
}

interface FieldProps {
  label: ReactNode;
  /** What to enter, in a sentence. */
  help?: ReactNode;
  /** What is wrong and what to do; marks the control as invalid. */
  error?: ReactNode;
  required?: boolean;
  /** Keeps the label for assistive technology only, where the place says enough to the eye. */
  hideLabel?: boolean;
  className?: string;
  /** One Input, Textarea or Select. */
  children: ReactNode;
}

/** A labelled control with help and error text, tied together for assistive technology. */
export function Field({ label, help, error, required, hideLabel = false, className, children }: FieldProps) {
  const id = useId();
  const described = [help ? `${id}-help` : null, error ? `${id}-error` : null].filter(Boolean).join(" ");
  return (
    <div className={cn("flex flex-col gap-1", className)}>
      <label htmlFor={id} className={hideLabel ? "sr-only" : "font-medium"}>
        {label}
        {required === false && <span className="font-normal text-muted"> (optional)</span>}
      </label>
      <FieldContext
        value={{
          id,
          "aria-describedby": described || undefined,
          "aria-invalid": error ? true : undefined,
          required: required || undefined,
        }}
      >
        {children}
      </FieldContext>
      {error && (
        <p id={`${id}-error`} className="text-bad text-xs">
          {error}
        </p>
      )}
      {help && (
        <p id={`${id}-help`} className="text-muted text-xs">
          {help}
        </p>
      )}
    </div>
  );
}

/** Several controls under one question (radio buttons, checkboxes). */
export function FieldSet({
  legend,
  help,
  error,
  className,
  children,
}: Omit<FieldProps, "label" | "required" | "hideLabel"> & { legend: ReactNode }) {
  const id = useId();
  return (
    <fieldset
      className={cn("flex flex-col gap-1.5", className)}
      aria-describedby={help || error ? `${id}-text` : undefined}
    >
      <legend className="mb-1 font-medium">{legend}</legend>
      {children}
      {(help || error) && (
        <div id={`${id}-text`} className="text-xs">
          {error && <p className="text-bad">{error}</p>}
          {help && <p className="text-muted">{help}</p>}
        </div>
      )}
    </fieldset>
  );
}
