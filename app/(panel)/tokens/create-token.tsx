"use client";

import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog, DialogClose, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { Field, FieldSet } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SecretOnce } from "@/components/ui/secret-once";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import { TOKEN_ACLS } from "@/lib/tokens/acls";
import { addToken } from "./actions";

interface CreateTokenProps {
  role: "root" | "reseller";
  /** Opens the form with the page, for links that lead here to create one. */
  startsOpen: boolean;
}

/** The button and the form that make a token, and the one sight of it. */
export function CreateToken({ role, startsOpen }: CreateTokenProps) {
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
  const submit = (data: FormData) => {
    const life = String(data.get("lifeDays"));
    void run({
      name: String(data.get("name") ?? ""),
      acls: data.getAll("acl").map(String),
      lifeDays: life === "" ? null : Number(life),
      allowedIps: String(data.get("allowedIps") ?? ""),
    });
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
              submit(new FormData(event.currentTarget));
            }}
          >
            <TokenFields role={role} wrong={error?.fields ?? {}} />
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

/** Resellers have no cluster and no other users: those privileges would give them nothing. */
function TokenFields({ role, wrong }: { role: CreateTokenProps["role"]; wrong: Record<string, string> }) {
  const acls = TOKEN_ACLS.filter(({ name }) => role === "root" || name !== "clustering");
  const errorOf = (field: string) =>
    wrong[field] ?? Object.entries(wrong).find(([key]) => key.startsWith(`${field}.`))?.[1];
  return (
    <>
      <Field label="Name" help="For whom or what it is: letters, digits, “-” and “_”." error={wrong.name} required>
        <Input mono name="name" autoComplete="off" placeholder="web2-cluster" />
      </Field>
      <FieldSet legend="Privileges" error={errorOf("acls")}>
        <div className="grid gap-1.5 sm:grid-cols-2">
          {acls.map(({ name, label }) => (
            <Checkbox key={name} name="acl" value={name} label={label} help={<code>{name}</code>} />
          ))}
        </div>
      </FieldSet>
      <Field label="Expires" error={errorOf("lifeDays")}>
        <Select name="lifeDays" defaultValue="">
          <option value="">Never</option>
          <option value="7">In 7 days</option>
          <option value="30">In 30 days</option>
          <option value="90">In 90 days</option>
          <option value="365">In a year</option>
        </Select>
      </Field>
      <Field
        label="Allowed addresses"
        required={false}
        help="Addresses and networks that may use it, one a line, such as 192.0.2.7 or 2001:db8::/32. Empty: from everywhere."
        error={errorOf("allowedIps")}
      >
        <Textarea mono name="allowedIps" rows={2} />
      </Field>
    </>
  );
}
