"use client";

import { useActionState, useState } from "react";
import { preparePlan } from "@/app/(panel)/synchronize/actions";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RadioGroup } from "@/components/ui/radio-group";
import { Select } from "@/components/ui/select";
import { isOneZone, SYNC_CHOICES, type SyncChoice } from "@/lib/sync-jobs/schemas";
import { CHOICE_WORDS } from "./sync-words";

interface PlanFormProps {
  /** Whose zones and cluster it is about; null: the whole server. */
  accountId: number | null;
  initial: { choice: SyncChoice; zone: string; memberId: number | null };
  members: readonly { id: number; name: string }[];
}

/** WHM's four choices. A plain form post; it makes a plan and changes nothing. */
export function PlanForm({ accountId, initial, members }: PlanFormProps) {
  const [{ entered, error }, prepare, isPending] = useActionState(preparePlan, { entered: null, error: null });
  const [choice, setChoice] = useState<SyncChoice>(initial.choice);
  return (
    <form action={prepare} className="flex flex-col items-start gap-4">
      <input type="hidden" name="accountId" value={accountId ?? ""} />
      {error && !error.fields?.zone && (
        <Banner tone="bad" live>
          {error.message}
        </Banner>
      )}
      <RadioGroup
        legend="What is synchronized"
        name="choice"
        value={choice}
        onChange={setChoice}
        options={SYNC_CHOICES.map((value) => ({ value, ...CHOICE_WORDS[value] }))}
      />
      {isOneZone(choice) ? (
        <Field label="Zone" help="Such as example.com." error={error?.fields?.zone} className="w-full max-w-sm">
          <Input mono name="zone" defaultValue={entered?.zone ?? initial.zone} autoComplete="off" />
        </Field>
      ) : (
        <Checkbox
          name="addMissing"
          defaultChecked={entered?.addMissing}
          label="Synchronize zones that are not configured on this server"
          help={
            accountId === null
              ? "Zones that only other servers hold are taken in as well. On a web server you seldom want this: it would collect all zones of its nameservers."
              : "Zones that only servers of this account’s own cluster hold are taken in as well, and belong to the account then."
          }
        />
      )}
      <Field label="Servers" className="w-full max-w-sm">
        <Select name="memberId" defaultValue={entered?.memberId ?? initial.memberId ?? ""}>
          <option value="">All servers in the cluster</option>
          {members.map(({ id, name }) => (
            <option key={id} value={id}>
              Only {name}
            </option>
          ))}
        </Select>
      </Field>
      <Button type="submit" variant="primary" pending={isPending}>
        Compare and show the plan
      </Button>
      <p className="text-muted text-xs">Nothing is changed before you have seen what would be done and agreed to it.</p>
    </form>
  );
}
