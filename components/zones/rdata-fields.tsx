"use client";

import { cn } from "@/components/ui/cn";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import type { RdataField, RdataType } from "@/lib/dns/rdata/type";
import { GENERIC } from "./record-input";

interface RdataFieldsProps {
  /** null: a type without a form of its own, entered as RFC 3597 says. */
  type: RdataType | null;
  values: Readonly<Record<string, string>>;
  onChange: (name: string, value: string) => void;
}

const WIDE = new Set(["strings", "hex", "base64", "params"]);

/** The data of a record as fields with labels and help, generated from its type. */
export function RdataFields({ type, values, onChange }: RdataFieldsProps) {
  if (!type)
    return (
      <Field label="Data" help="In generic form: \# LENGTH HEX (RFC 3597).">
        <Textarea
          mono
          rows={2}
          value={values[GENERIC] ?? ""}
          placeholder="\# 4 C0000201"
          onChange={(event) => onChange(GENERIC, event.target.value)}
        />
      </Field>
    );
  return (
    <div className="grid grid-cols-1 items-start gap-3 sm:grid-cols-2 lg:grid-cols-4">
      {type.fields.map((field) => (
        <Field
          key={field.name}
          label={field.label}
          help={type.type === "SOA" && field.name === "serial" ? "Set by the panel on every change." : field.help}
          required={field.optional ? false : undefined}
          className={cn((WIDE.has(field.kind) || type.fields.length === 1) && "sm:col-span-2 lg:col-span-4")}
        >
          <Control
            field={field}
            isReadOnly={type.type === "SOA" && field.name === "serial"}
            value={values[field.name] ?? ""}
            onChange={(value) => onChange(field.name, value)}
          />
        </Field>
      ))}
    </div>
  );
}

interface ControlProps {
  field: RdataField;
  value: string;
  isReadOnly: boolean;
  onChange: (value: string) => void;
}

function Control({ field, value, isReadOnly, onChange }: ControlProps) {
  if (field.kind === "select" && field.options) {
    const isUnknown = value !== "" && !field.options.some((option) => option.value === value);
    return (
      <Select value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">Choose…</option>
        {isUnknown && <option value={value}>{value}</option>}
        {field.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </Select>
    );
  }
  if (WIDE.has(field.kind))
    return (
      <Textarea
        mono
        rows={2}
        value={value}
        placeholder={field.placeholder}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          // Enter takes the record over, as in a one-line field; a value of several lines is pasted.
          if (event.key !== "Enter" || event.shiftKey) return;
          event.preventDefault();
          event.currentTarget.form?.requestSubmit();
        }}
      />
    );
  const isNumber = field.kind === "uint8" || field.kind === "uint16" || field.kind === "uint32";
  return (
    <Input
      mono
      dir={field.kind === "text" ? "auto" : undefined}
      readOnly={isReadOnly}
      inputMode={isNumber ? "numeric" : undefined}
      value={value}
      placeholder={field.placeholder}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
