"use client";

import { toast } from "sonner";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";
import { saveTrustedIps } from "./actions";

interface TrustedIpsFormProps {
  isEnforced: boolean;
  /** One a line. */
  manual: string;
}

/** The list that root keeps, and whether other callers are refused. */
export function TrustedIpsForm({ isEnforced, manual }: TrustedIpsFormProps) {
  const { run, pending, error } = useAction(saveTrustedIps, {
    onError: ({ fields }) => fields !== undefined,
    onSuccess: () => toast.success("The trusted IPs were saved."),
  });
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        void run({ manual: String(data.get("manual") ?? ""), isEnforced: data.has("isEnforced") });
      }}
    >
      <Field
        label="Trusted addresses"
        required={false}
        help="Addresses and networks, IPv4 and IPv6, one a line, such as 192.0.2.7 or 2001:db8:1::/48."
        error={error?.fields?.manual}
      >
        <Textarea mono name="manual" rows={5} defaultValue={manual} />
      </Field>
      <Checkbox
        name="isEnforced"
        label="Refuse cluster members that call from other addresses"
        help="Even with a valid API token. A token with allowed addresses of its own is held to those instead. Scripts that do not act as cluster members are not concerned."
        defaultChecked={isEnforced}
      />
      <Button type="submit" variant="primary" pending={pending} className="self-start">
        Save
      </Button>
    </form>
  );
}
