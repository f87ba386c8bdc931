"use client";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Textarea } from "@/components/ui/textarea";
import { saveZoneDefaults } from "./actions";
import { SettingsForm } from "./settings-form";

interface ZonesFormProps {
  /** One a line. */
  nameservers: string;
  contact: string;
  defaultTtl: number;
  recycleBinDays: number;
}

export function ZonesForm({ nameservers, contact, defaultTtl, recycleBinDays }: ZonesFormProps) {
  return (
    <SettingsForm
      save={saveZoneDefaults}
      saved="The settings for new zones were saved."
      read={(text) => ({
        nameservers: text("nameservers"),
        contact: text("contact").trim(),
        defaultTtl: text("defaultTtl"),
        recycleBinDays: text("recycleBinDays"),
      })}
    >
      {(errorOf) => (
        <>
          <Field
            label="Nameservers"
            required={false}
            help="Names that templates put into the NS records of new zones, one a line."
            error={errorOf("nameservers")}
          >
            <Textarea
              mono
              name="nameservers"
              defaultValue={nameservers}
              rows={3}
              placeholder={"ns1.example.com\nns2.example.com"}
            />
          </Field>
          <Field
            label="Contact"
            required={false}
            help="E-mail address for the SOA records of new zones. Empty: hostmaster@ the zone."
            error={errorOf("contact")}
          >
            <Input name="contact" type="email" defaultValue={contact} placeholder="hostmaster@example.com" />
          </Field>
          <div className="grid items-start gap-4 sm:grid-cols-2">
            <Field label="Default TTL" help="Seconds." error={errorOf("defaultTtl")} required>
              <Input name="defaultTtl" inputMode="numeric" defaultValue={defaultTtl} />
            </Field>
            <Field
              label="Recycle bin"
              help="Days for which a deleted zone can be restored."
              error={errorOf("recycleBinDays")}
              required
            >
              <Input name="recycleBinDays" inputMode="numeric" defaultValue={recycleBinDays} />
            </Field>
          </div>
        </>
      )}
    </SettingsForm>
  );
}
