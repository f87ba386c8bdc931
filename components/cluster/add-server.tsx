import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { BACKENDS } from "@/lib/members/backends";

/** "Add a new server to the cluster": the kind of server first, its form next. A plain GET form. @param accountId whose cluster, when it is not one's own */
export function AddServer({ accountId }: { accountId?: number }) {
  return (
    <form action="/cluster/add" className="flex flex-wrap items-end gap-2">
      {accountId !== undefined && <input type="hidden" name="as" value={accountId} />}
      <Field label="Backend Type" className="w-full max-w-80">
        <Select name="backend">
          {BACKENDS.map((backend) => (
            <option key={backend.value} value={backend.value}>
              {backend.label}
            </option>
          ))}
        </Select>
      </Field>
      <Button type="submit" variant="primary">
        Configure
      </Button>
    </form>
  );
}
