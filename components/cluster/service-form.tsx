"use client";

import { Banner } from "@/components/ui/banner";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { Backend } from "@/lib/members/backends";
import type { DnsRole } from "@/lib/members/dns-role";
import { ConnectionResult } from "./connection-result";
import { MemberFormButtons } from "./member-form-buttons";
import { PinnedCertificate } from "./pinned-certificate";
import { RoleField } from "./role-field";
import type { ServiceWords } from "./service-words";
import { useMemberForm } from "./use-member-form";

interface ServiceFormProps {
  backend: Backend["value"];
  words: ServiceWords;
  /** The member that is edited; undefined: a new one. */
  id?: number;
  initial: {
    readonly username: string;
    readonly debug: boolean;
    readonly role: DnsRole;
    /** The accepted certificate's pin; empty: the system's roots decide. */
    readonly pin: string;
  };
  hasCredential: boolean;
  /** Where debug mode records transactions. */
  debugPath: string | null;
  /** Whose cluster, when it is not one's own. */
  accountId?: number;
}

/** The remote configuration of a hosted DNS service: its address is known, so it asks for the account only. */
export function ServiceForm({ backend, words, id, initial, hasCredential, debugPath, accountId }: ServiceFormProps) {
  const form = useMemberForm(backend, id, initial.pin, accountId);
  const { errors } = form;
  return (
    <form
      ref={form.form}
      method="post"
      noValidate
      className="flex max-w-2xl flex-col gap-4"
      onChange={form.onEdited}
      onSubmit={(event) => {
        event.preventDefault();
        void form.submit();
      }}
    >
      {words.caution && (
        <Banner tone="warn" title={words.caution.title}>
          {words.caution.text}
        </Banner>
      )}
      <Field label={words.username} required error={errors.username} help={words.usernameHelp}>
        <Input mono name="username" autoComplete="off" defaultValue={initial.username} />
      </Field>
      <Field
        label={words.key}
        required={!hasCredential}
        error={errors.token}
        help={hasCredential ? "Leave it empty to keep the stored key." : words.keyHelp}
      >
        <Input mono type="password" name="token" autoComplete="new-password" />
      </Field>
      <PinnedCertificate pin={form.pin} onForget={form.forgetPin} />
      <Checkbox
        name="debug"
        label="Debug mode"
        help={
          <>
            Records what is said to and by this service, without the key
            {debugPath ? (
              <>
                , in <code className="break-all">{debugPath}</code>.
              </>
            ) : (
              "."
            )}
          </>
        }
        defaultChecked={initial.debug}
      />
      <RoleField backend={backend} initial={initial.role} error={errors.role} />
      {form.result && <ConnectionResult isService result={form.result} onAccept={form.accept} />}
      <MemberFormButtons form={form} accountId={accountId} />
    </form>
  );
}
