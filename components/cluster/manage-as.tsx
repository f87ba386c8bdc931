import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";

interface ManageAsProps {
  accounts: readonly { readonly id: number; readonly username: string }[];
  accountId: number;
  /** The page that is shown for the account. */
  action?: string;
}

/** "Managing DNS cluster as": root looks at and manages the cluster of an account. A plain GET form. */
export function ManageAs({ accounts, accountId, action = "/cluster" }: ManageAsProps) {
  return (
    <form action={action} className="flex flex-wrap items-end gap-2">
      <Field label="Managing DNS cluster as" className="w-full max-w-60">
        <Select name="as" defaultValue={accountId} key={accountId}>
          {accounts.map(({ id, username }) => (
            <option key={id} value={id}>
              {username}
            </option>
          ))}
        </Select>
      </Field>
      <Button type="submit">Manage</Button>
    </form>
  );
}
