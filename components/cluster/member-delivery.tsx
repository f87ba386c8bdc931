import { CodeBlock } from "@/components/ui/code-block";
import { Progress } from "@/components/ui/progress";
import { RelativeTime } from "@/components/ui/relative-time";
import type { DnsAddress } from "@/lib/drivers/driver";
import { isHeld } from "@/lib/members/member-status";
import type { MemberDetail } from "@/lib/members/queries";
import { BacklogWords } from "./backlog-words";

const figure = new Intl.NumberFormat("en");

/** How much of what is wanted at a member has arrived, and is answered by its nameserver. */
export function MemberDelivery({ member }: { member: MemberDetail }) {
  const { target } = member;
  if (!target)
    return (
      <p>
        Nothing is sent to this server: its DNS role is Standalone.
        {!member.isService && " Newer copies of zones are taken from it."}
      </p>
    );
  const { zones, accepted } = target;
  return (
    <div className="flex flex-col gap-3">
      <Share label="Accepted" help="The server took the current change." value={accepted} of={zones} />
      <Proof member={member} target={target} />
      <BacklogWords member={member} />
      {target.error !== null && target.retryAt !== null && !isHeld(member.status) && (
        <p className="text-warn text-xs">
          {target.error} Tried again <RelativeTime at={target.retryAt} />.
        </p>
      )}
      {member.dnsAddresses[0] && (
        <div>
          <p className="mb-1 text-muted text-xs">See for yourself, with one of your names:</p>
          <CodeBlock label="command that asks this nameserver" code={digLine(member.dnsAddresses[0])} />
        </div>
      )}
    </div>
  );
}

/** What its nameserver says: the serial, or of a service that numbers zones itself only that it answers for them. */
function Proof({ member, target }: { member: MemberDetail; target: NonNullable<MemberDetail["target"]> }) {
  const { served, present, zones } = target;
  if (!member.isService)
    return <Share label="Served" help="Its nameserver answers with the current serial." value={served} of={zones} />;
  return (
    <>
      {member.dnsAddresses.length > 0 && (
        <Share label="Answered for" help="Its nameservers answer for the zone." value={present} of={zones} />
      )}
      <p className="text-muted text-xs">
        It numbers zones itself, so DNS cannot tell which revision it serves. Each zone&apos;s records are compared
        through its API before they count as accepted.
      </p>
    </>
  );
}

function Share({ label, help, value, of }: { label: string; help: string; value: number; of: number }) {
  return (
    <div>
      <div className="mb-1 flex items-baseline justify-between gap-2">
        <span title={help}>{label}</span>
        <span>
          {figure.format(value)} of {figure.format(of)} zones
        </span>
      </div>
      <Progress label={`${label}: ${help}`} value={value} max={of} />
    </div>
  );
}

function digLine({ address, port }: DnsAddress): string {
  return `dig +short example.com @${address}${port === 53 ? "" : ` -p ${port}`}`;
}
