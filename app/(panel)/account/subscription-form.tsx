"use client";

import { toast } from "sonner";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field, FieldSet } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { Topic } from "@/lib/notifications/events";
import type { Subscription } from "@/lib/notifications/subscription";
import { saveSubscription } from "./actions";

export function SubscriptionForm({ email, topics, hearsResellers }: Subscription) {
  const { run, pending, error } = useAction(saveSubscription, {
    onError: ({ fields }) => fields !== undefined,
    onSuccess: () => toast.success("What you are told of was saved."),
  });
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        void run({
          email: String(data.get("email") ?? "").trim(),
          topics: data.getAll("topic").map((topic) => String(topic) as Topic),
          hearsResellers: hearsResellers === null || data.has("hearsResellers"),
        });
      }}
    >
      <Field
        label="E-mail address"
        required={false}
        help="Empty: nothing is sent to you; what there is to tell you is on the page Notifications."
        error={error?.fields?.email}
        className="max-w-sm"
      >
        <Input name="email" type="email" defaultValue={email} autoComplete="email" />
      </Field>
      <FieldSet legend="Tell me when">
        {topics.map(({ topic, label, isWanted }) => (
          <Checkbox key={topic} name="topic" value={topic} label={label} defaultChecked={isWanted} />
        ))}
      </FieldSet>
      {hearsResellers !== null && (
        <Checkbox
          name="hearsResellers"
          label="Also about the members and tokens of resellers"
          help="They are told themselves in any case."
          defaultChecked={hearsResellers}
        />
      )}
      <Button type="submit" variant="primary" pending={pending} className="self-start">
        Save
      </Button>
    </form>
  );
}
