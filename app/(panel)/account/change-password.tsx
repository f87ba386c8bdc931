"use client";

import { useRef } from "react";
import { toast } from "sonner";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { changeOwnPassword } from "./actions";

export function ChangePassword({ username }: { username: string }) {
  const form = useRef<HTMLFormElement>(null);
  const { run, pending, error } = useAction(changeOwnPassword, {
    onError: ({ fields }) => fields !== undefined,
    onSuccess: () => {
      form.current?.reset();
      toast.success("Your password was changed. All other sessions have ended.");
    },
  });
  const wrong = error?.fields ?? {};
  return (
    <form
      ref={form}
      noValidate
      className="flex max-w-sm flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        const text = (name: string) => String(data.get(name) ?? "");
        void run({ current: text("current"), next: text("next"), again: text("again") });
      }}
    >
      {/* Password managers look for the name that belongs to the password. */}
      <input type="hidden" name="username" autoComplete="username" value={username} />
      <Field label="Current password" error={wrong.current} required>
        <Input name="current" type="password" autoComplete="current-password" />
      </Field>
      <Field label="New password" help="At least 8 characters." error={wrong.next} required>
        <Input name="next" type="password" autoComplete="new-password" />
      </Field>
      <Field label="The new one again" error={wrong.again} required>
        <Input name="again" type="password" autoComplete="new-password" />
      </Field>
      <Button type="submit" variant="primary" pending={pending} className="self-start">
        Change password
      </Button>
    </form>
  );
}
