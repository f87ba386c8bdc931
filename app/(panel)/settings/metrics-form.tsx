"use client";

import { useState } from "react";
import { toast } from "sonner";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { SecretOnce } from "@/components/ui/secret-once";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import { saveMetrics } from "./actions";

interface MetricsFormProps {
  isEnabled: boolean;
  /** One a line. */
  allowed: string;
  hasToken: boolean;
}

export function MetricsForm({ isEnabled, allowed, hasToken }: MetricsFormProps) {
  const [token, setToken] = useState<string | null>(null);
  // What is done with the token is chosen anew each time.
  const [saves, setSaves] = useState(0);
  const { run, pending, error } = useAction(saveMetrics, {
    onError: ({ fields }) => fields !== undefined,
    onSuccess: (saved) => {
      setToken(saved.token);
      setSaves((count) => count + 1);
      toast.success("The metrics were saved.");
    },
  });
  const wrong = Object.entries(error?.fields ?? {}).find(([key]) => key.startsWith("allowed"));
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        const isOn = data.has("metricsEnabled");
        void run({
          isEnabled: isOn,
          allowed: String(data.get("metricsAllowed") ?? ""),
          token: toChoice(data.get("metricsToken")),
        });
      }}
    >
      <Checkbox
        name="metricsEnabled"
        defaultChecked={isEnabled}
        label="Serve metrics"
        help="Off, there is nothing at /metrics for anybody."
      />
      <Field
        label="Addresses that may read them"
        required={false}
        help="Addresses and networks, one a line, that need no token. Empty: with the token only."
        error={wrong?.[1]}
      >
        <Textarea
          mono
          name="metricsAllowed"
          defaultValue={allowed}
          rows={3}
          placeholder={"192.0.2.20\n2001:db8::/64"}
        />
      </Field>
      <Field
        label="Metrics token"
        help="With it they are read from anywhere, as “Authorization: Bearer TOKEN”. Stored as a hash."
      >
        <Select name="metricsToken" key={saves} defaultValue="keep">
          <option value="keep">{hasToken ? "Keep the one there is" : "None"}</option>
          <option value="new">{hasToken ? "Make a new one; the one there is ends" : "Make one"}</option>
          {hasToken && <option value="none">End it</option>}
        </Select>
      </Field>
      <Button type="submit" variant="primary" pending={pending} className="self-start">
        Save
      </Button>
      <SecretOnce title="The metrics token" label="metrics token" secret={token} onClose={() => setToken(null)} />
    </form>
  );
}

function toChoice(value: FormDataEntryValue | null): "keep" | "new" | "none" {
  return value === "new" || value === "none" ? value : "keep";
}
