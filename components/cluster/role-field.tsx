"use client";

import { useState } from "react";
import { Banner } from "@/components/ui/banner";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { type Backend, backendOf } from "@/lib/members/backends";
import { type DnsRole, dnsRole, dnsRoleAt, dnsRolesOf } from "@/lib/members/dns-role";
import { useHydrated } from "./use-hydrated";

interface RoleFieldProps {
  backend: Backend["value"];
  initial: DnsRole;
  error?: string;
}

/** The DNS role menu of the form, with what the chosen one means and what it can do harm to. */
export function RoleField({ backend, initial, error }: RoleFieldProps) {
  const [chosen, setChosen] = useState<DnsRole>(initial);
  const isHydrated = useHydrated();
  const options = dnsRolesOf(backendOf(backend));
  const { help, warning, warningTitle } = dnsRoleAt(backendOf(backend), chosen);
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
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </Select>
      </Field>
      {warning && (
        <Banner tone="warn" live title={warningTitle}>
          {warning}
        </Banner>
      )}
    </>
  );
}
