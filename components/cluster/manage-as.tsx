import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";

interface ManageAsProps {
  /** The page that is looked at. */
  path?: string;
  accounts: readonly { readonly id: number; readonly username: string }[];
  accountId: number;
}

/** "Managing DNS cluster as": root looks at and manages the cluster of an account. A plain GET form. */
export function ManageAs({ path = "/cluster", accounts, accountId }: ManageAsProps) {
  return (
    <form action={path} className="flex flex-wrap items-end gap-2">
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
