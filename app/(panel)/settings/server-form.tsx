"use client";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RadioGroup } from "@/components/ui/radio-group";
import { Textarea } from "@/components/ui/textarea";
import { saveServer } from "./actions";
import { SettingsForm } from "./settings-form";

interface ServerFormProps {
  hostname: string;
  /** One a line. */
  addresses: string;
  kind: "web-server" | "dns-only";
}

export function ServerForm({ hostname, addresses, kind }: ServerFormProps) {
  return (
    <SettingsForm
      save={saveServer}
      saved="The server's settings were saved."
      read={(text) => ({
        hostname: text("hostname"),
        addresses: text("addresses"),
        kind: text("kind") === "dns-only" ? ("dns-only" as const) : ("web-server" as const),
      })}
    >
      {(errorOf) => (
        <>
          <Field
            label="Hostname"
            help="The full name under which other servers and people reach this one."
            error={errorOf("hostname")}
            required
          >
            <Input mono name="hostname" defaultValue={hostname} />
          </Field>
          <Field
            label="Addresses"
            help="Public IP addresses, one a line. The first one is the main address."
            error={errorOf("addresses")}
            required
          >
            <Textarea mono name="addresses" defaultValue={addresses} rows={2} />
          </Field>
          <RadioGroup
            legend="Kind"
            name="kind"
            defaultValue={kind}
            options={[
              { value: "web-server", label: "Web server", help: "Accounts and their zones live here." },
              { value: "dns-only", label: "DNS-only", help: "Zones arrive from the members of its DNS cluster." },
            ]}
          />
        </>
      )}
    </SettingsForm>
  );
}
