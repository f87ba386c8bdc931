"use client";

import { useState } from "react";
import { toast } from "sonner";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SecretOnce } from "@/components/ui/secret-once";
import { saveWebhook } from "./actions";

export function WebhookForm({ url }: { url: string }) {
  const [secret, setSecret] = useState<string | null>(null);
  const { run, pending, error } = useAction(saveWebhook, {
    onError: ({ fields }) => fields !== undefined,
    onSuccess: (saved) => {
      setSecret(saved.secret);
      toast.success("The webhook was saved.");
    },
  });
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        void run({ url: String(data.get("url") ?? ""), isNewSecret: data.has("isNewSecret") });
      }}
    >
      <Field
        label="Webhook address"
        required={false}
        help="Empty: none. Addresses that members may not have, such as loopback ones, are not called."
        error={error?.fields?.url}
      >
        <Input mono name="url" type="url" defaultValue={url} placeholder="https://hooks.example.com/zonefleet" />
      </Field>
      {url !== "" && (
        <Checkbox
          name="isNewSecret"
          label="Make a new signing secret"
          help="Receivers refuse what is signed with the one before from then on."
        />
      )}
      <Button type="submit" variant="primary" pending={pending} className="self-start">
        Save
      </Button>
      <SecretOnce
        title="The webhook's signing secret"
        label="signing secret"
        secret={secret}
        onClose={() => setSecret(null)}
      />
    </form>
  );
}
