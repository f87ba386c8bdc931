"use client";

import { Save } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { saveRole } from "@/app/(panel)/cluster/actions";
import { useAction } from "@/components/live/use-action";
import { IconButton } from "@/components/ui/icon-button";
import { Select } from "@/components/ui/select";
import { backendOf } from "@/lib/members/backends";
import { type DnsRole, dnsRole, dnsRoleAt, dnsRolesOf } from "@/lib/members/dns-role";
import { useHydrated } from "./use-hydrated";

interface RoleMenuProps {
  id: number;
  name: string;
  role: DnsRole;
  backend: string;
  /** Why the saved role is not in effect as chosen. */
  note: string | null;
}

/** The table's DNS role menu with its save icon. A choice that is not saved yet survives the page's live updates. */
export function RoleMenu({ id, name, role, backend, note }: RoleMenuProps) {
  const [choice, setChoice] = useState<DnsRole | null>(null);
  const save = useAction(saveRole, {
    onSuccess: () => {
      toast.success(`${name}: DNS role saved.`);
      setChoice(null);
    },
  });
  const shown = choice ?? role;
  const isChanged = shown !== role;
  const isHydrated = useHydrated();
  const { label, help, warning } = dnsRoleAt(backendOf(backend), shown);
  return (
    <form
      method="post"
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged) void save.run({ id, role: shown });
      }}
    >
      <div className="flex items-center gap-1">
        <Select
          className="w-32"
          aria-label={`DNS role of ${name}`}
          title={help}
          disabled={!isHydrated}
          value={shown}
          onChange={(event) => setChoice(dnsRole(event.target.value).value)}
        >
          {dnsRolesOf(backendOf(backend)).map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </Select>
        <IconButton
          type="submit"
          label={`Save DNS role of ${name}`}
          variant={isChanged ? "primary" : "ghost"}
          disabled={!isChanged}
          pending={save.pending}
        >
          <Save />
        </IconButton>
      </div>
      {note && !isChanged && <p className="mt-1 max-w-64 text-warn text-xs">{note}</p>}
      {isChanged && (
        <p role="status" className="mt-1 max-w-64 text-xs">
          <span className="font-medium">{label}, not saved yet.</span>{" "}
          <span className={warning ? "text-warn" : "text-muted"}>{warning ?? help}</span>
        </p>
      )}
    </form>
  );
}
