"use client";

import { useState } from "react";
import { Banner } from "@/components/ui/banner";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { DNS_ROLES, type DnsRole, dnsRole } from "@/lib/members/dns-role";
import { useHydrated } from "./use-hydrated";

/** The DNS role menu of the form, with what the chosen one means and what it can do harm to. */
export function RoleField({ initial, error }: { initial: DnsRole; error?: string }) {
  const [chosen, setChosen] = useState<DnsRole>(initial);
  const isHydrated = useHydrated();
  const { help, warning } = dnsRole(chosen);
  return (
    <>
      <Field label="DNS role" required error={error} help={help}>
        <Select
          name="role"
          className="max-w-60"
          disabled={!isHydrated}
          defaultValue={initial}
          onChange={(event) => setChosen(dnsRole(event.target.value).value)}
        >
          {DNS_ROLES.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </Select>
      </Field>
      {warning && (
        <Banner tone="warn" live title="Write-only does not look before it writes.">
          {warning}
        </Banner>
      )}
    </>
  );
}
