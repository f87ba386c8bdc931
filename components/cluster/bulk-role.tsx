"use client";

import { useState } from "react";
import { toast } from "sonner";
import { saveRoles } from "@/app/(panel)/cluster/actions";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { DNS_ROLES, type DnsRole, dnsRole } from "@/lib/members/dns-role";
import { BULK_ROLE_FORM } from "./bulk-role-form";
import { useHydrated } from "./use-hydrated";

/** One DNS role for the servers whose tick boxes in the table are ticked. */
export function BulkRole() {
  const [role, setRole] = useState<DnsRole>("sync");
  const [problem, setProblem] = useState<string>();
  const save = useAction(saveRoles, {
    onSuccess: ({ changed }) => toast.success(changed === 1 ? "1 DNS role saved." : `${changed} DNS roles saved.`),
  });
  const isHydrated = useHydrated();
  const { warning } = dnsRole(role);
  return (
    <form
      id={BULK_ROLE_FORM}
      className="flex flex-wrap items-end gap-2 border-line border-t px-4 py-2"
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const ids = new FormData(form).getAll("ids").map(Number);
        setProblem(ids.length === 0 ? "Select servers in the table first." : undefined);
        if (ids.length > 0) void save.run({ ids, role }).then((done) => done && form.reset());
      }}
    >
      <Field label="DNS role for the selected servers" error={problem} help={warning}>
        <Select
          className="w-40"
          disabled={!isHydrated}
          value={role}
          onChange={(event) => setRole(dnsRole(event.target.value).value)}
        >
          {DNS_ROLES.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </Select>
      </Field>
      <Button type="submit" pending={save.pending} disabled={!isHydrated}>
        Save for selected
      </Button>
    </form>
  );
}
