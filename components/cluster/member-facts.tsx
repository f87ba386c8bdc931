import type { ReactNode } from "react";
import { RelativeTime } from "@/components/ui/relative-time";
import { backendOf } from "@/lib/members/backends";
import { dnsRoleAt } from "@/lib/members/dns-role";
import type { MemberStatus } from "@/lib/members/member-status";
import type { MemberDetail } from "@/lib/members/queries";
import { LastAnswer, MemberState } from "./member-state";
import { ServerType } from "./server-type";
import { TrustWords } from "./trust-words";

/** States that do not tell the last failure: the member answered since. */
const UNTOLD: ReadonlySet<MemberStatus["state"]> = new Set(["online", "nameserver-stopped", "catching-up"]);

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{label}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

/** Everything known about a member, as label and value. @param accountId whose cluster, when it is not one's own */
export function MemberFacts({ member, accountId }: { member: MemberDetail; accountId: number | undefined }) {
  const role = dnsRoleAt(backendOf(member.backend), member.role);
  return (
    <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1.5">
      <Fact label="Status">
        <MemberState status={member.status} version={member.version} withAdvice />
        <LastAnswer member={member} />
      </Fact>
      <Fact label="Type">
        {member.type}
        {member.remoteHostname !== "" && member.remoteHostname !== member.name && (
          <>
            , calls itself <code>{member.remoteHostname}</code>
          </>
        )}
      </Fact>
      <Fact label="IP address">
        <code>{member.address}</code>, port {member.port}
      </Fact>
      <Fact label="Username">{member.username}</Fact>
      <Fact label="DNS role">
        {role.label}
        <span className="block text-muted text-xs">{role.help}</span>
      </Fact>
      <Fact label="Server Type">
        <ServerType member={member} />
      </Fact>
      <Fact label="Nameserver">
        {member.dnsAddresses.length === 0
          ? "It does not say where its nameserver answers: what it serves is not verified."
          : member.dnsAddresses.map((dns) => (
              <code key={`${dns.address}#${dns.port}`} className="mr-2">
                {dns.address}#{dns.port}
              </code>
            ))}
      </Fact>
      <Fact label="Trust">
        <TrustWords trust={member.trust} accountId={accountId} />
      </Fact>
      <Fact label="Certificate">
        {member.pin === null ? (
          "Its certificate is checked against the system's authorities."
        ) : (
          <>
            Only the key that was accepted. Pin: <code className="break-all">{member.pin}</code>
          </>
        )}
      </Fact>
      <Fact label={member.isService ? "API key" : "API token"}>
        {member.hasCredential ? "Stored, sealed with this server's key" : "Missing"}
      </Fact>
      {role.receives && member.lastPullAt !== null && (
        <Fact label="Newer zones">
          Asked for <RelativeTime at={member.lastPullAt} />
        </Fact>
      )}
      {member.lastErrorAt !== null && UNTOLD.has(member.status.state) && (
        <Fact label="Last failure">
          <RelativeTime at={member.lastErrorAt} />: {member.lastError}
        </Fact>
      )}
      <Fact label="In the cluster since">
        <RelativeTime at={member.createdAt} />
      </Fact>
    </dl>
  );
}
