"use client";

import { useActionState, useState } from "react";
import { prepareReplace } from "@/app/(panel)/changes/actions";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { REPLACEABLE_TYPES, type ReplaceableType } from "@/lib/dns/replace-value";

/** What is looked for in records of a type, and an example. */
const VALUES: Readonly<Record<ReplaceableType, { word: string; from: string; to: string }>> = {
  A: { word: "IPv4 address", from: "192.0.2.10", to: "192.0.2.20" },
  AAAA: { word: "IPv6 address", from: "2001:db8::10", to: "2001:db8::20" },
  CNAME: { word: "target", from: "old.example.net", to: "new.example.net" },
  MX: { word: "mail server", from: "mail.example.net", to: "mx.example.net" },
  NS: { word: "nameserver", from: "ns1.example.net", to: "ns2.example.net" },
  PTR: { word: "host", from: "old.example.net", to: "new.example.net" },
  SRV: { word: "target", from: "sip.example.net", to: "voip.example.net" },
  TXT: { word: "text", from: "v=spf1 ip4:192.0.2.10 -all", to: "v=spf1 ip4:192.0.2.20 -all" },
};

/** Says what is replaced by what. A plain form post; it makes a plan and changes nothing. */
export function ReplaceForm() {
  const [{ entered, error }, prepare, isPending] = useActionState(prepareReplace, { entered: null, error: null });
  const [type, setType] = useState<ReplaceableType>((entered?.type as ReplaceableType | undefined) ?? "A");
  const { word, from, to } = VALUES[type];
  const fields = error?.fields;
  return (
    <form action={prepare} className="flex max-w-2xl flex-col items-stretch gap-4">
      {error && !fields && (
        <Banner tone="bad" live>
          {error.message}
        </Banner>
      )}
      <Field label="Records of type" className="w-40">
        {/* A form is reset after its action: what was entered has to be the default. */}
        <Select
          key={entered?.type}
          name="type"
          defaultValue={entered?.type ?? "A"}
          onChange={(event) => setType(event.target.value as ReplaceableType)}
        >
          {REPLACEABLE_TYPES.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={`Old ${word}`}
          help={`Exactly this one, such as ${from}.`}
          error={fields?.from}
          className="min-w-0"
          required
        >
          <Input mono name="from" defaultValue={entered?.from} autoComplete="off" />
        </Field>
        <Field label={`New ${word}`} help={`Such as ${to}.`} error={fields?.to} className="min-w-0" required>
          <Input mono name="to" defaultValue={entered?.to} autoComplete="off" />
        </Field>
        <Field
          label="New TTL"
          required={false}
          help="In seconds, or such as 1h. Empty: the records keep theirs."
          error={fields?.ttl}
          className="min-w-0"
        >
          <Input mono name="ttl" defaultValue={entered?.ttl} autoComplete="off" />
        </Field>
        <Field
          label="Only zones with this in their name"
          required={false}
          help="Single zones can be left out afterwards."
          error={fields?.within}
          className="min-w-0"
        >
          <Input mono name="within" defaultValue={entered?.within} autoComplete="off" />
        </Field>
      </div>
      <Field
        label="Reason"
        required={false}
        help="Stands in the history of every zone that is changed."
        error={fields?.reason}
      >
        <Input name="reason" defaultValue={entered?.reason} autoComplete="off" />
      </Field>
      <div>
        <Button type="submit" variant="primary" pending={isPending}>
          Find the zones
        </Button>
      </div>
      <p className="text-muted text-xs">Nothing is changed before you have seen the zones and agreed to it.</p>
    </form>
  );
}
