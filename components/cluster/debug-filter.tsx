import Form from "next/form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { DebugQuery } from "@/lib/members/debug-service";

interface DebugFilterProps {
  id: number;
  query: DebugQuery;
  commands: readonly string[];
}

/** Which transactions are shown. A plain form: what is asked for stands in the address. */
export function DebugFilter({ id, query, commands }: DebugFilterProps) {
  // A command whose records were put aside meanwhile stays chosen, and is seen to be.
  const offered = query.command === "" || commands.includes(query.command) ? commands : [query.command, ...commands];
  return (
    <Form
      key={JSON.stringify(query)}
      action={`/cluster/${id}/debug`}
      className="flex flex-wrap items-end gap-3 border-line border-b p-3"
    >
      <Field label="Command" className="w-52">
        <Select name="command" defaultValue={query.command}>
          <option value="">Every command</option>
          {offered.map((command) => (
            <option key={command}>{command}</option>
          ))}
        </Select>
      </Field>
      <Field label="Outcome" className="w-36">
        <Select name="outcome" defaultValue={query.outcome}>
          <option value="all">Any</option>
          <option value="done">Done</option>
          <option value="failed">Failed</option>
        </Select>
      </Field>
      <Field label="Text" className="w-64 grow sm:grow-0">
        <Input name="q" type="search" defaultValue={query.q} placeholder="In the request, the reply or the error" />
      </Field>
      <Button type="submit">Filter</Button>
    </Form>
  );
}
