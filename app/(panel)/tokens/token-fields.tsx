"use client";

import type { ReactNode } from "react";
import { Checkbox } from "@/components/ui/checkbox";
import { Field, FieldSet } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import { TOKEN_ACLS, type TokenAcl } from "@/lib/tokens/acls";

interface TokenFieldsProps {
  /** The privileges that can be given. */
  grantable: readonly TokenAcl[];
  wrong: Readonly<Record<string, string>>;
  /** What the token has now; a new one has nothing. */
  acls?: readonly string[];
  allowedIps?: readonly string[];
  /** The first choice of Expires, for a token that ends at an instant of its own. */
  keepsExpiry?: ReactNode;
}

/** What a token may do, until when and from where. */
export function TokenFields({ grantable, wrong, acls = [], allowedIps = [], keepsExpiry }: TokenFieldsProps) {
  const errorOf = (field: string) =>
    wrong[field] ?? Object.entries(wrong).find(([key]) => key.startsWith(`${field}.`))?.[1];
  return (
    <>
      <FieldSet
        legend="Privileges"
        error={errorOf("acls")}
        help="A server that links to this one in its DNS Cluster needs DNS Clustering, and nothing else."
      >
        <div className="grid gap-1.5 sm:grid-cols-2">
          {TOKEN_ACLS.filter(({ name }) => grantable.includes(name) || acls.includes(name)).map(({ name, label }) => (
            <Checkbox
              key={name}
              name="acl"
              value={name}
              label={label}
              help={<code>{name}</code>}
              defaultChecked={acls.includes(name)}
            />
          ))}
        </div>
      </FieldSet>
      <Field label="Expires" error={errorOf("expires") ?? errorOf("expiresAt")}>
        <Select name="expires" defaultValue={keepsExpiry ? "keep" : "never"}>
          {keepsExpiry && <option value="keep">{keepsExpiry}</option>}
          <option value="never">Never</option>
          <option value="7">In 7 days</option>
          <option value="30">In 30 days</option>
          <option value="90">In 90 days</option>
          <option value="365">In a year</option>
        </Select>
      </Field>
      <Field
        label="Allowed addresses"
        required={false}
        help="Addresses and networks that may use it, one a line, such as 192.0.2.7 or 2001:db8::/32. Empty: cluster members from the trusted IPs, everything else from everywhere."
        error={errorOf("allowedIps")}
      >
        <Textarea mono name="allowedIps" rows={2} defaultValue={allowedIps.join("\n")} />
      </Field>
    </>
  );
}

/** What the fields say, as the actions take it. */
export function readTokenFields(data: FormData) {
  return {
    acls: data.getAll("acl").map(String),
    expires: String(data.get("expires")),
    allowedIps: String(data.get("allowedIps") ?? ""),
  };
}
