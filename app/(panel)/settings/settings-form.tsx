"use client";

import type { ReactNode } from "react";
import { toast } from "sonner";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import type { ActionResult } from "@/lib/auth/action-result";

interface SettingsFormProps<I> {
  save: (input: I) => Promise<ActionResult<boolean>>;
  /** What the form's fields say, as the action takes it. */
  read: (text: (field: string) => string) => I;
  /** Said when it was saved. */
  saved: string;
  /** @param errorOf what is wrong with a field, entries of a list included. */
  children: (errorOf: (field: string) => string | undefined) => ReactNode;
}

/** One group of settings: fields and a button that saves them. */
export function SettingsForm<I>({ save, read, saved, children }: SettingsFormProps<I>) {
  const { run, pending, error } = useAction(save, {
    onError: ({ fields }) => fields !== undefined,
    onSuccess: () => toast.success(saved),
  });
  const wrong = Object.entries(error?.fields ?? {});
  const errorOf = (field: string) => wrong.find(([key]) => key === field || key.startsWith(`${field}.`))?.[1];
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        void run(read((field) => String(data.get(field) ?? "")));
      }}
    >
      {children(errorOf)}
      <Button type="submit" variant="primary" pending={pending} className="self-start">
        Save
      </Button>
    </form>
  );
}
