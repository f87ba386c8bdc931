"use client";

import { useRouter } from "next/navigation";
import { useDeferredValue, useState } from "react";
import { toast } from "sonner";
import { useAction } from "@/components/live/use-action";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { ProblemList } from "@/components/zones/problem-list";
import { zonePath } from "@/components/zones/zone-path";
import { silentWords } from "@/lib/cluster/silent-words";
import { MAX_NAMESERVERS } from "@/lib/zones/templates-values";
import { addFromTemplate } from "./actions";
import { AddError } from "./add-error";
import type { AddZoneProps } from "./add-zone";
import { NameserverFields } from "./nameserver-fields";
import { previewTemplate, type TypedInput } from "./template-preview";
import { warnOfDomain } from "./warn-of-domain";

/** A zone from a template, with the zone file that comes of it beside the form. */
export function FromTemplate({ templates, nameservers, addresses, contact, defaultTtl }: AddZoneProps) {
  const router = useRouter();
  const [templateId, setTemplateId] = useState(templates[0]?.id ?? 0);
  const [input, setInput] = useState<TypedInput>(() => ({
    name: "",
    ip: addresses.find((address) => !address.includes(":")) ?? "",
    ipv6: addresses.find((address) => address.includes(":")) ?? "",
    nameservers: pad(nameservers.map((name) => name.replace(/\.$/, ""))),
    glue: pad([]),
  }));
  const [now] = useState(() => new Date());
  const template = templates.find(({ id }) => id === templateId);
  const given = useDeferredValue(input);
  const preview = previewTemplate(template?.text ?? "", given, { contact, defaultTtl }, now);
  const { run, pending, error } = useAction(addFromTemplate, {
    onSuccess: (ref) => {
      toast.success("The zone was added.");
      if (ref.silent.length > 0) toast.warning(silentWords(ref.silent));
      router.push(zonePath(ref.name));
      void warnOfDomain(ref.name);
    },
    onError: (failed) => failed.code === "invalid-input" || failed.code === "conflict",
  });
  const change = (changes: Partial<TypedInput>) => setInput({ ...input, ...changes });
  const submit = (isAnyway = false) => {
    const used = input.nameservers.flatMap((name, index) =>
      name.trim() === "" ? [] : [{ name, glue: input.glue[index] ?? "" }],
    );
    void run({
      name: input.name,
      isAnyway,
      templateId,
      ip: input.ip.trim(),
      ipv6: input.ipv6.trim(),
      nameservers: used.map(({ name }) => name),
      glue: used.map(({ glue }) => glue.trim()),
    });
  };

  return (
    <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-2">
      <Card>
        <form
          noValidate
          aria-label="Add a zone from a template"
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
          className="flex flex-col gap-4"
        >
          {error && <AddError error={error} pending={pending} onAnyway={() => submit(true)} />}
          <Field
            label="Domain"
            help="International names may be typed as they are."
            error={error?.fields?.name}
            required
          >
            <Input
              mono
              autoComplete="off"
              placeholder="example.com"
              value={input.name}
              onChange={(event) => change({ name: event.target.value })}
            />
          </Field>
          <Field label="Template">
            <Select value={templateId} onChange={(event) => setTemplateId(Number(event.target.value))}>
              {templates.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          </Field>
          <div className="grid grid-cols-1 items-start gap-4 sm:grid-cols-2">
            <Field label="IPv4 address" error={error?.fields?.ip}>
              <Input
                mono
                placeholder="192.0.2.10"
                value={input.ip}
                onChange={(event) => change({ ip: event.target.value })}
              />
            </Field>
            <Field label="IPv6 address" required={false} error={error?.fields?.ipv6}>
              <Input
                mono
                placeholder="2001:db8::10"
                value={input.ipv6}
                onChange={(event) => change({ ipv6: event.target.value })}
              />
            </Field>
          </div>
          <NameserverFields
            apex={input.name}
            nameservers={input.nameservers}
            glue={input.glue}
            errors={error?.fields ?? {}}
            onChange={change}
          />
          <div>
            <Button type="submit" variant="primary" pending={pending}>
              Add zone
            </Button>
          </div>
        </form>
      </Card>
      <Card title="The zone file">
        <div className="flex flex-col gap-3">
          <div aria-live="polite" className="flex flex-col gap-2">
            {preview.todo && <Banner>{preview.todo}</Banner>}
            <ProblemList problems={preview.checked?.problems ?? []} />
          </div>
          <CodeBlock label="zone file" code={preview.text} />
        </div>
      </Card>
    </div>
  );
}

/** As many fields as templates have variables for. */
function pad(values: readonly string[]): string[] {
  return Array.from({ length: MAX_NAMESERVERS }, (_, index) => values[index] ?? "");
}
