"use client";

import { useRouter } from "next/navigation";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";

interface CompareWithProps {
  path: string;
  /** The revision compared with; null: there was none. */
  from: number | null;
  revisions: readonly { seq: number; label: string }[];
}

/** Chooses what a revision is compared with; the address says it. */
export function CompareWith({ path, from, revisions }: CompareWithProps) {
  const router = useRouter();
  if (revisions.length === 0) return null;
  const isListed = from === null || revisions.some(({ seq }) => seq === from);
  return (
    <Field label="Compared with" className="mb-3 max-w-md">
      <Select
        value={from ?? ""}
        onChange={(event) => router.replace(`${path}?from=${event.target.value}`, { scroll: false })}
      >
        {from === null && <option value="">Nothing</option>}
        {!isListed && <option value={from}>An older revision</option>}
        {revisions.map(({ seq, label }) => (
          <option key={seq} value={seq}>
            {label}
          </option>
        ))}
      </Select>
    </Field>
  );
}
