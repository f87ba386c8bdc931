import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";

interface ChoiceProps extends Omit<ComponentProps<"input">, "type"> {
  label: ReactNode;
  /** A second, quieter line. */
  help?: ReactNode;
  /** Keeps the label for assistive technology only, as in a column of checkboxes. */
  hideLabel?: boolean;
}

function Choice({ kind, label, help, hideLabel, className, ...rest }: ChoiceProps & { kind: "checkbox" | "radio" }) {
  return (
    <label className={cn("flex w-fit items-start gap-2 has-disabled:text-muted", className)}>
      <input type={kind} className="mt-[3px] size-3.5 shrink-0 accent-(--accent)" {...rest} />
      <span className={hideLabel ? "sr-only" : undefined}>
        {label}
        {help && <span className="block text-muted text-xs">{help}</span>}
      </span>
    </label>
  );
}

/** A native checkbox with its label. */
export function Checkbox(props: ChoiceProps) {
  return <Choice kind="checkbox" {...props} />;
}

/** A native radio button with its label; see `RadioGroup`. */
export function Radio(props: ChoiceProps) {
  return <Choice kind="radio" {...props} />;
}
