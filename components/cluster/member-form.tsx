"use client";

import Link from "next/link";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { DNS_ROLES, dnsRole } from "@/lib/members/dns-role";
import { ConnectionResult } from "./connection-result";
import { PinnedCertificate } from "./pinned-certificate";
import { type MemberFields, useMemberForm } from "./use-member-form";

interface MemberFormProps {
  /** The member that is edited; undefined: a new one. */
  id?: number;
  initial: MemberFields;
  hasCredential: boolean;
  /** Where debug mode records transactions. */
  debugPath: string;
  backHref: string;
}

/** "cPanel DNS Remote Configuration": how a remote server is reached, and what this server does towards it. */
export function MemberForm({ id, initial, hasCredential, debugPath, backHref }: MemberFormProps) {
  const form = useMemberForm(initial, id);
  const { fields, errors, change } = form;
  const role = dnsRole(fields.role);
  return (
    <form
      method="post"
      noValidate
      className="flex max-w-2xl flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void form.submit();
      }}
    >
      <Field
        label="Remote cPanel & WHM DNS host"
        required
        error={errors.host}
        help="Hostname or IP address of the nameserver to link. Add a port if it is not 2087, as in ns1.example.com:3087."
      >
        <Input
          mono
          name="host"
          autoComplete="off"
          value={fields.host}
          onChange={(event) => change({ host: event.target.value })}
        />
      </Field>
      <Field
        label="Remote server username"
        required
        error={errors.username}
        help="The user that the API token belongs to, usually root."
      >
        <Input
          mono
          name="username"
          autoComplete="off"
          value={fields.username}
          onChange={(event) => change({ username: event.target.value })}
        />
      </Field>
      <Field
        label="Remote server API token"
        required={!hasCredential}
        error={errors.token}
        help={
          hasCredential
            ? "Leave it empty to keep the stored token. It is asked for again when the host changes."
            : "Made on the remote server under Manage API Tokens, with the privilege clustering. It is shown there only once. A remote access key of an old server works too."
        }
      >
        <Input
          mono
          type="password"
          name="token"
          autoComplete="new-password"
          value={fields.token}
          onChange={(event) => change({ token: event.target.value })}
        />
      </Field>
      <PinnedCertificate pin={fields.pin} onForget={() => change({ pin: "" })} />
      <Checkbox
        name="debug"
        label="Debug mode"
        help={
          <>
            Records what is said to and by this server, without tokens and zone texts, in{" "}
            <code className="break-all">{debugPath}</code>.
          </>
        }
        checked={fields.debug}
        onChange={(event) => change({ debug: event.target.checked })}
      />
      <Field label="DNS role" required error={errors.role} help={role.help}>
        <Select
          name="role"
          className="max-w-60"
          value={fields.role}
          onChange={(event) => change({ role: dnsRole(event.target.value).value })}
        >
          {DNS_ROLES.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </Select>
      </Field>
      {role.warning && (
        <Banner tone="warn" live title="Write-only does not look before it writes.">
          {role.warning}
        </Banner>
      )}
      {form.result && (
        <ConnectionResult result={form.result} port={portOf(fields.host)} onAccept={(pin) => form.accept(pin)} />
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" pending={form.isSaving} disabled={form.isTesting}>
          Submit
        </Button>
        <Button onClick={() => form.test()} pending={form.isTesting} disabled={form.isSaving}>
          Test connection
        </Button>
        <Button variant="ghost" asChild>
          <Link href={backHref}>Cancel</Link>
        </Button>
      </div>
    </form>
  );
}

/** For the command that is shown; the server reads the field properly. */
function portOf(host: string): number {
  return Number(/(?<!:[^\]]*):(\d+)$/.exec(host.trim())?.[1] ?? 2087);
}
