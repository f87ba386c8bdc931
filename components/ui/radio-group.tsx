import type { ReactNode } from "react";
import { Radio } from "./checkbox";
import { FieldSet } from "./field";

export interface RadioOption<V extends string> {
  value: V;
  label: ReactNode;
  help?: ReactNode;
  disabled?: boolean;
}

interface RadioGroupProps<V extends string> {
  legend: ReactNode;
  /** Form field name. */
  name: string;
  options: readonly RadioOption<V>[];
  /** Controlled, with `onChange`. */
  value?: V;
  defaultValue?: V;
  onChange?: (value: V) => void;
  help?: ReactNode;
  error?: ReactNode;
  className?: string;
}

/** One of several, as native radio buttons under a question. */
export function RadioGroup<V extends string>({
  legend,
  name,
  options,
  value,
  defaultValue,
  onChange,
  ...rest
}: RadioGroupProps<V>) {
  return (
    <FieldSet legend={legend} {...rest}>
      {options.map((option) => (
        <Radio
          key={option.value}
          name={name}
          value={option.value}
          label={option.label}
          help={option.help}
          disabled={option.disabled}
          {...(value === undefined
            ? { defaultChecked: option.value === defaultValue }
            : { checked: option.value === value })}
          onChange={onChange ? () => onChange(option.value) : undefined}
        />
      ))}
    </FieldSet>
  );
}
