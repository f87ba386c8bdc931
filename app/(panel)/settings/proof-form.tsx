"use client";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { saveProof } from "./actions";
import { SettingsForm } from "./settings-form";

interface ProofFormProps {
  sweepMinutes: number;
  contentHours: number;
}

/** How often it is looked over DNS at what nameservers serve. */
export function ProofForm({ sweepMinutes, contentHours }: ProofFormProps) {
  return (
    <SettingsForm
      save={saveProof}
      saved="It was saved how often nameservers are looked at."
      read={(text) => ({ sweepMinutes: text("sweepMinutes"), contentHours: text("contentHours") })}
    >
      {(errorOf) => (
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <Field
            label="Serials"
            help="Minutes in which every zone is asked for at every nameserver. 0: only after a change and at a click."
            error={errorOf("sweepMinutes")}
            required
          >
            <Input name="sweepMinutes" inputMode="numeric" defaultValue={sweepMinutes} />
          </Field>
          <Field
            label="Content"
            help="Hours in which every zone's records are compared, by transfer or by questions. 0: only at a click."
            error={errorOf("contentHours")}
            required
          >
            <Input name="contentHours" inputMode="numeric" defaultValue={contentHours} />
          </Field>
        </div>
      )}
    </SettingsForm>
  );
}
