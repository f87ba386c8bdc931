"use client";

import { useId } from "react";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

interface AccountFieldProps {
  label: string;
  /** Names that are offered while typing; others are taken as well. */
  accounts: readonly string[];
  value: string;
  onChange: (name: string) => void;
  error?: string;
}

/** The name of an account, typed with suggestions: there may be thousands. */
export function AccountField({ label, accounts, value, onChange, error }: AccountFieldProps) {
  const list = useId();
  return (
    <>
      <Field label={label} required error={error}>
        <Input mono list={list} autoComplete="off" value={value} onChange={(event) => onChange(event.target.value)} />
      </Field>
      <datalist id={list}>
        {accounts.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}
