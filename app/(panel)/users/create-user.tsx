"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SecretOnce } from "@/components/ui/secret-once";
import { DEFAULT_RESELLER_ACLS } from "@/lib/tokens/acls";
import { addUser } from "./actions";
import { enteredReseller, ResellerFields } from "./reseller-fields";

/**
 * The button and the form that make a reseller.
 * @param username starts open, with this name; undefined: closed
 */
export function CreateUser({ username }: { username?: string }) {
  const [open, setOpen] = useState(username !== undefined);
  const [made, setMade] = useState<{ username: string; password: string } | null>(null);
  const { run, pending, error, clearError } = useAction(addUser, {
    onError: ({ fields }) => fields !== undefined,
    onSuccess: ({ username, madePassword }) => {
      setOpen(false);
      if (madePassword === null) toast.success(`${username} can sign in now.`);
      else setMade({ username, password: madePassword });
    },
  });
  const wrong = error?.fields ?? {};
  const change = (next: boolean) => {
    clearError();
    setOpen(next);
  };
  return (
    <>
      <Dialog open={open} onOpenChange={change}>
        <DialogTrigger asChild>
          <Button variant="primary">
            <Plus aria-hidden="true" /> Create a reseller
          </Button>
        </DialogTrigger>
        <DialogContent
          title="Create a reseller"
          description="A reseller manages what is their own, as far as their privileges go."
          footer={
            <>
              <DialogClose asChild>
                <Button>Cancel</Button>
              </DialogClose>
              <Button type="submit" form="create-user" variant="primary" pending={pending}>
                Create
              </Button>
            </>
          }
        >
          <form
            id="create-user"
            noValidate
            className="flex flex-col gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              const form = new FormData(event.currentTarget);
              const text = (name: string) => String(form.get(name) ?? "");
              void run({
                username: text("username"),
                email: text("email"),
                password: text("password"),
                ...enteredReseller(form),
              });
            }}
          >
            <Field label="Username" error={wrong.username} required>
              <Input mono name="username" autoComplete="off" defaultValue={username} />
            </Field>
            <Field label="E-mail address" required={false} error={wrong.email}>
              <Input name="email" type="email" autoComplete="off" />
            </Field>
            <Field
              label="Password"
              required={false}
              help="Leave it empty: a random one is made and shown once."
              error={wrong.password}
            >
              <Input name="password" type="password" autoComplete="new-password" />
            </Field>
            <ResellerFields privileges={DEFAULT_RESELLER_ACLS} zoneLimit={null} memberLimit={null} errors={wrong} />
          </form>
        </DialogContent>
      </Dialog>
      <SecretOnce
        title={`Password of ${made?.username ?? "the user"}`}
        label="password"
        secret={made?.password ?? null}
        onClose={() => setMade(null)}
      />
    </>
  );
}
