"use client";

import { useRouter } from "next/navigation";
import { useDeferredValue, useRef, useState } from "react";
import { toast } from "sonner";
import { useAction } from "@/components/live/use-action";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Checkbox } from "@/components/ui/checkbox";
import { CodeBlock } from "@/components/ui/code-block";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { badLines } from "@/components/zones/check-text";
import { ProblemList } from "@/components/zones/problem-list";
import { ZoneTextarea, type ZoneTextareaHandle } from "@/components/zones/zone-textarea";
import type { ZoneTemplate } from "@/lib/zones/templates";
import { deleteZoneTemplate, saveZoneTemplate } from "../actions";
import { checkTemplate } from "./check-template";
import { VariableHelp } from "./variable-help";

/** A template's text with what it comes to for an example domain, checked while it is typed. */
export function TemplateForm({ template, isOnly }: { template: ZoneTemplate; isOnly: boolean }) {
  const router = useRouter();
  const [name, setName] = useState(template.name);
  const [text, setText] = useState(template.text);
  const [isDefault, setDefault] = useState(template.isDefault);
  const area = useRef<ZoneTextareaHandle>(null);
  const checked = checkTemplate(useDeferredValue(text));
  const leave = (message: string) => {
    toast.success(message);
    router.push("/templates");
    router.refresh();
  };
  const save = useAction(saveZoneTemplate, {
    onSuccess: () => leave("The template was saved."),
    onError: (error) => error.code === "invalid-input" || error.code === "conflict",
  });
  const remove = useAction(deleteZoneTemplate, { onSuccess: () => leave("The template was deleted.") });
  const { error } = save;

  return (
    <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,1fr)_28rem]">
      <Card>
        <form
          noValidate
          aria-label="Zone template"
          onSubmit={(event) => {
            event.preventDefault();
            void save.run({ id: template.id, name, text, isDefault });
          }}
          className="flex flex-col gap-4"
        >
          {error && (
            <Banner tone="bad" live>
              {error.message}
            </Banner>
          )}
          <Field label="Name" error={error?.fields?.name} required>
            <Input value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
          </Field>
          <Field label="Template" error={error?.fields?.text}>
            <ZoneTextarea ref={area} rows={26} value={text} badLines={badLines(checked.problems)} onChange={setText} />
          </Field>
          <Checkbox
            label="Offer it first when a zone is added"
            checked={isDefault}
            disabled={template.isDefault}
            onChange={(event) => setDefault(event.target.checked)}
          />
          <div className="flex flex-wrap gap-2">
            <Button type="submit" variant="primary" pending={save.pending}>
              Save template
            </Button>
            {template.id !== 0 && (
              <ConfirmDialog
                trigger={<Button>Delete</Button>}
                title="Delete this template?"
                description={
                  isOnly
                    ? "The built-in template takes its place. Zones made from it stay as they are."
                    : "Zones made from it stay as they are."
                }
                confirmLabel="Delete template"
                onConfirm={async () => (await remove.run({ id: template.id })) !== undefined}
              />
            )}
          </div>
        </form>
      </Card>
      <div className="flex flex-col gap-4">
        <Card title="For example.com">
          <div className="flex flex-col gap-3">
            <div aria-live="polite" className="flex flex-col gap-2">
              {checked.todo && <Banner tone="warn">{checked.todo}</Banner>}
              {!checked.todo && checked.problems.length === 0 && (
                <Banner tone="ok">This becomes a zone without errors.</Banner>
              )}
              <ProblemList problems={checked.problems} onLine={(line) => area.current?.goToLine(line)} />
            </div>
            <CodeBlock label="example zone" code={checked.text} />
          </div>
        </Card>
        <VariableHelp />
      </div>
    </div>
  );
}
