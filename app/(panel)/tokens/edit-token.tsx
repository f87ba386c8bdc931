"use client";

import { useId, useState } from "react";
import { toast } from "sonner";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { utcWords } from "@/components/ui/time-words";
import type { TokenAcl } from "@/lib/tokens/acls";
import type { TokenInfo } from "@/lib/tokens/token-info";
import { changeToken } from "./actions";
import { readTokenFields, TokenFields } from "./token-fields";

interface EditTokenProps {
  token: Pick<TokenInfo, "name" | "acls" | "allowedIps" | "expiresAt" | "state">;
  grantable: readonly TokenAcl[];
}

/** Changes what a token may do, until when and from where. Its name and the token itself stay. */
export function EditToken({ token, grantable }: EditTokenProps) {
  const formId = useId();
  const [open, setOpen] = useState(false);
  const { name, acls, allowedIps, expiresAt, state } = token;
  const { run, pending, error, clearError } = useAction(changeToken, {
    onError: ({ fields }) => fields !== undefined,
    onSuccess: () => {
      toast.success(`The token ${name} was changed.`);
      setOpen(false);
    },
  });
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        clearError();
        setOpen(next);
      }}
    >
      <DialogTrigger asChild>
        <Button size="sm" aria-label={`Edit ${name}`}>
          Edit
        </Button>
      </DialogTrigger>
      <DialogContent
        title={`Edit the token ${name}`}
        description="Whatever uses it goes on with the same token. What changes is in force from its next request on."
        footer={
          <>
            <DialogClose asChild>
              <Button>Cancel</Button>
            </DialogClose>
            <Button type="submit" form={formId} variant="primary" pending={pending}>
              Save
            </Button>
          </>
        }
      >
        <form
          id={formId}
          noValidate
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            void run({ name, expiresAt, ...readTokenFields(new FormData(event.currentTarget)) });
          }}
        >
          <TokenFields
            grantable={grantable}
            wrong={error?.fields ?? {}}
            acls={acls}
            allowedIps={allowedIps}
            keepsExpiry={expiresAt !== null && state !== "expired" ? `As now: ${utcWords(expiresAt)}` : undefined}
          />
        </form>
      </DialogContent>
    </Dialog>
  );
}
