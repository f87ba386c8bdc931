import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { BACKENDS } from "@/lib/members/backends";

/** "Add a new server to the cluster": the kind of server first, its form next. A plain GET form. */
export function AddServer() {
  return (
    <form action="/cluster/add" className="flex flex-wrap items-end gap-2">
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
