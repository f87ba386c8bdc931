"use client";

import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";
import { saveNameserver } from "./actions";
import { SettingsForm } from "./settings-form";

interface NameserverFormProps {
  /** `ADDRESS@PORT`, one a line. */
  listen: string;
  /** Where it listens now. */
  inUse: readonly string[];
  /** ZONEFLEET_DNS_LISTEN is set. */
  fromEnvironment: boolean;
}

export function NameserverForm({ listen, inUse, fromEnvironment }: NameserverFormProps) {
  return (
    <SettingsForm
      save={saveNameserver}
      saved="Saved. The nameserver takes it up at the next start of the panel."
      read={(text) => ({ listen: text("listen") })}
    >
      {(errorOf) => (
        <>
          <p className="text-muted">
            It listens on{" "}
            {inUse.length === 0 ? "nothing at the moment" : <code className="text-ink">{inUse.join(", ")}</code>}.
            {fromEnvironment && " The environment sets ZONEFLEET_DNS_LISTEN as well."}
          </p>
          <Field
            label="Listen addresses"
            help="ADDRESS@PORT, one a line. Ports below 1024 need privileges. Empty: the default."
            error={errorOf("listen")}
          >
            <Textarea mono name="listen" defaultValue={listen} rows={2} placeholder={"192.0.2.1@53\n2001:db8::1@53"} />
          </Field>
        </>
      )}
    </SettingsForm>
  );
}
