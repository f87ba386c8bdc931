"use client";

import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SecretOnce } from "@/components/ui/secret-once";
import type { TokenAcl } from "@/lib/tokens/acls";
import { addToken } from "./actions";
import { readTokenFields, TokenFields } from "./token-fields";

interface CreateTokenProps {
  /** The privileges that can be given. */
  grantable: readonly TokenAcl[];
  /** Opens the form with the page, for links that lead here to create one. */
  startsOpen: boolean;
}

/** The button and the form that make a token, and the one sight of it. */
export function CreateToken({ grantable, startsOpen }: CreateTokenProps) {
  const router = useRouter();
  const [open, setOpen] = useState(startsOpen);
  const [made, setMade] = useState<{ name: string; token: string } | null>(null);
  const { run, pending, error, clearError } = useAction(addToken, {
    onError: ({ fields }) => fields !== undefined,
    onSuccess: (token) => {
      change(false);
      setMade(token);
    },
  });
  const change = (next: boolean) => {
    clearError();
    setOpen(next);
    // The link that opened the form did its work: a reload shows the list.
    if (startsOpen && !next) router.replace("/tokens", { scroll: false });
  };
  return (
    <>
      <Dialog open={open} onOpenChange={change}>
        <DialogTrigger asChild>
          <Button variant="primary">
            <Plus aria-hidden="true" /> Create a token
          </Button>
        </DialogTrigger>
        <DialogContent
          title="Create an API token"
          footer={
            <>
              <DialogClose asChild>
                <Button>Cancel</Button>
              </DialogClose>
              <Button type="submit" form="create-token" variant="primary" pending={pending}>
                Create
              </Button>
            </>
          }
        >
          <form
            id="create-token"
            noValidate
            className="flex flex-col gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              const data = new FormData(event.currentTarget);
              void run({ name: String(data.get("name") ?? ""), ...readTokenFields(data) });
            }}
          >
            <Field
              label="Name"
              help="For whom or what it is: letters, digits, “-” and “_”."
              error={error?.fields?.name}
              required
            >
              <Input mono name="name" autoComplete="off" placeholder="web2-cluster" />
            </Field>
            <TokenFields grantable={grantable} wrong={error?.fields ?? {}} />
          </form>
        </DialogContent>
      </Dialog>
      <SecretOnce
        title={`The token ${made?.name ?? ""}`}
        label="API token"
        secret={made?.token ?? null}
        onClose={() => setMade(null)}
      />
    </>
  );
}
