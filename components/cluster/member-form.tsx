"use client";

import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Link } from "@/components/ui/link";
import type { DnsRole } from "@/lib/members/dns-role";
import type { TrustSetup } from "@/lib/trust/set-up";
import { clusterPath } from "./cluster-path";
import { ConnectionResult } from "./connection-result";
import { MemberFormButtons } from "./member-form-buttons";
import { PinnedCertificate } from "./pinned-certificate";
import { RoleField } from "./role-field";
import { TrustField } from "./trust-field";
import { trustPath } from "./trust-path";
import { TrustResult } from "./trust-result";
import { useMemberForm } from "./use-member-form";

interface MemberFormProps {
  /** The member that is edited; undefined: a new one. */
  id?: number;
  initial: {
    readonly host: string;
    readonly username: string;
    readonly debug: boolean;
    readonly role: DnsRole;
    /** The accepted certificate's pin; empty: the system's roots decide. */
    readonly pin: string;
  };
  hasCredential: boolean;
  /** Where debug mode records transactions; null for those who do not see this server's files. */
  debugPath: string | null;
  /** Whose cluster, when it is not one's own. */
  accountId?: number;
  /** Why no reverse trust can be set up along with it, and what root has to grant; null: it can. */
  trustObstacle?: string | null;
}

/** "cPanel DNS Remote Configuration": how a remote server is reached, and what this server does towards it. */
export function MemberForm(props: MemberFormProps) {
  const { id, initial, hasCredential, debugPath, accountId, trustObstacle = null } = props;
  const form = useMemberForm("whm", id, initial.pin, accountId);
  const { errors } = form;
  if (form.trust) return <AddedWithTrust trust={form.trust} accountId={accountId} />;
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
      <Field
        label="Remote cPanel & WHM DNS host"
        required
        error={errors.host}
        help="Hostname or IP address of the nameserver to link. Add a port if it is not 2087, as in ns1.example.com:3087."
      >
        <Input mono name="host" autoComplete="off" defaultValue={initial.host} onChange={form.forgetPin} />
      </Field>
      <Field
        label="Remote server username"
        required
        error={errors.username}
        help="The user that the API token belongs to, usually root."
      >
        <Input mono name="username" autoComplete="off" defaultValue={initial.username} />
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
        <Input mono type="password" name="token" autoComplete="new-password" />
      </Field>
      {id === undefined && <TrustField obstacle={trustObstacle} />}
      <PinnedCertificate pin={form.pin} onForget={form.forgetPin} />
      <Checkbox
        name="debug"
        label="Debug mode"
        help={
          <>
            Records what is said to and by this server, without tokens and zone texts
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
      {id === undefined && (
        <Checkbox
          name="syncNow"
          label="Synchronize Zones Immediately"
          help="Newer copies of zones that are on this server are taken from it before this page goes on, if the role takes any; then it is sent what it lacks. Without it both happen in the background, within a minute."
          defaultChecked
        />
      )}
      <RoleField backend="whm" initial={initial.role} error={errors.role} />
      {form.result && <ConnectionResult result={form.result} onAccept={form.accept} />}
      <MemberFormButtons form={form} accountId={accountId} />
    </form>
  );
}

function AddedWithTrust({ trust, accountId }: { trust: TrustSetup; accountId: number | undefined }) {
  return (
    <div className="flex max-w-2xl flex-col gap-4">
      <p>{trust.name} was added to the cluster.</p>
      <TrustResult trust={trust} />
      <div className="flex flex-wrap gap-2">
        <Button variant="primary" asChild>
          <Link href={clusterPath(accountId)}>Return to Cluster Status</Link>
        </Button>
        {!trust.isEstablished && (
          <Button asChild>
            <Link href={trustPath(accountId)}>Try again on the page Trust</Link>
          </Button>
        )}
      </div>
    </div>
  );
}
