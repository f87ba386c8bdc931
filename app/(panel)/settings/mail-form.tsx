"use client";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import { saveMailServer } from "./actions";
import { SettingsForm } from "./settings-form";

interface MailFormProps {
  host: string;
  port: number;
  security: "starttls" | "tls" | "none";
  username: string;
  hasPassword: boolean;
  from: string;
  authority: string;
  /** This server's, for the address that mails come from by default. */
  hostname: string;
}

const SECURITY = {
  starttls: "STARTTLS (usually port 587)",
  tls: "TLS from the start (usually port 465)",
  none: "None: in the clear (port 25)",
} as const;

export function MailForm(props: MailFormProps) {
  return (
    <SettingsForm
      save={saveMailServer}
      saved="The mail server was saved."
      read={(text) => ({
        host: text("mailHost"),
        port: text("mailPort"),
        security: toSecurity(text("security")),
        username: text("mailUser"),
        password: text("mailPassword"),
        from: text("from").trim(),
        authority: text("authority"),
      })}
    >
      {(errorOf) => (
        <>
          <div className="grid items-start gap-4 sm:grid-cols-[minmax(0,1fr)_6rem]">
            <Field label="Mail server" required={false} help="Empty: no mail leaves." error={errorOf("host")}>
              <Input mono name="mailHost" defaultValue={props.host} placeholder="mail.example.com" autoComplete="off" />
            </Field>
            <Field label="Port" error={errorOf("port")} required>
              <Input name="mailPort" inputMode="numeric" defaultValue={props.port} />
            </Field>
          </div>
          <Field
            label="Encryption"
            help="With either kind of TLS nothing is sent to a server that does not offer it or shows a wrong certificate."
            error={errorOf("security")}
          >
            <Select name="security" defaultValue={props.security}>
              {Object.entries(SECURITY).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          </Field>
          <div className="grid items-start gap-4 sm:grid-cols-2">
            <Field label="Mail username" required={false} help="Empty: without signing in." error={errorOf("username")}>
              <Input mono name="mailUser" defaultValue={props.username} autoComplete="off" />
            </Field>
            <Field
              label="Mail password"
              required={false}
              help={props.hasPassword ? "One is stored. Leave this empty to keep it." : "Stored sealed, never shown."}
              error={errorOf("password")}
            >
              <Input name="mailPassword" type="password" autoComplete="new-password" />
            </Field>
          </div>
          <Field
            label="From"
            required={false}
            help={`The address that mails come from. Empty: zonefleet@${props.hostname}.`}
            error={errorOf("from")}
          >
            <Input name="from" type="email" defaultValue={props.from} placeholder={`zonefleet@${props.hostname}`} />
          </Field>
          <Field
            label="Trusted certificate"
            required={false}
            help="PEM. Only for a mail server whose certificate no public authority has signed: its own, or that of the authority that did."
            error={errorOf("authority")}
          >
            <Textarea mono name="authority" defaultValue={props.authority} rows={2} spellCheck={false} />
          </Field>
        </>
      )}
    </SettingsForm>
  );
}

function toSecurity(value: string): MailFormProps["security"] {
  return value === "tls" || value === "none" ? value : "starttls";
}
