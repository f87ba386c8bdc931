"use client";

import { useActionState } from "react";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RadioGroup } from "@/components/ui/radio-group";
import { Textarea } from "@/components/ui/textarea";
import { type SetupFields, setUpServer } from "./actions";

/** Everything a server has to know before it can work, in one step. */
export function SetupForm({ initial }: { initial: SetupFields }) {
  const [{ fields, result }, submit, isPending] = useActionState(setUpServer, { fields: initial, result: null });
  const error = result?.ok === false ? result.error : null;
  const wrong = error?.fields ?? {};
  return (
    <Card className="mx-auto max-w-xl">
      <h1 className="font-semibold text-lg">Set up this server</h1>
      <p className="mb-5 text-muted">Once, now. Everything but the password can be changed later in the settings.</p>
      <form action={submit} className="flex flex-col gap-5">
        {error && (
          <Banner tone="bad" live>
            {error.message}
          </Banner>
        )}
        <Field
          label="Setup code"
          help="The server printed it in its terminal when it started. It proves that this server is yours."
          error={wrong.code}
        >
          <Input mono name="code" defaultValue={fields.code} autoComplete="off" required />
        </Field>
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <input type="hidden" name="username" value="root" autoComplete="username" />
          <Field
            label="Password for root"
            help="At least 8 characters; a sentence is a good one."
            error={wrong.password}
          >
            <Input name="password" type="password" autoComplete="new-password" minLength={8} required />
          </Field>
          <Field label="The same again" error={wrong.again}>
            <Input name="again" type="password" autoComplete="new-password" required />
          </Field>
        </div>
        <Field
          label="Hostname"
          help="The full name under which other servers and people reach this one."
          error={wrong.hostname}
        >
          <Input mono name="hostname" defaultValue={fields.hostname} placeholder="ns1.example.com" required />
        </Field>
        <Field
          label="Addresses"
          help="Public IP addresses of this server, one a line. The first one is its main address."
          error={wrong.addresses}
        >
          <Textarea mono name="addresses" defaultValue={fields.addresses} rows={2} required />
        </Field>
        <RadioGroup
          legend="Kind"
          name="kind"
          defaultValue={fields.kind}
          error={wrong.kind}
          options={[
            {
              value: "web-server",
              label: "Web server",
              help: "Accounts and their zones live here; zones are added and edited here.",
            },
            {
              value: "dns-only",
              label: "DNS-only",
              help: "Zones arrive from the members of its DNS cluster; it only answers for them.",
            },
          ]}
        />
        <Field
          label="Nameservers for new zones"
          required={false}
          help="Names that go into the NS records of new zones, one a line."
          error={wrong.nameservers}
        >
          <Textarea
            mono
            name="nameservers"
            defaultValue={fields.nameservers}
            rows={2}
            placeholder={"ns1.example.com\nns2.example.com"}
          />
        </Field>
        <Button type="submit" variant="primary" pending={isPending} className="self-start">
          Set up
        </Button>
      </form>
    </Card>
  );
}
