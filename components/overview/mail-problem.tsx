import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import type { NoticeHealth } from "@/lib/notifications/health";

interface MailProblemProps {
  readonly health: NoticeHealth;
  /** Whether the asker may set a mail server. */
  readonly managesServer: boolean;
}

/** That people are not reached, and what to do about it. Nothing while they are. */
export function MailProblem({ health, managesServer }: MailProblemProps) {
  const { obstacle, hasAddress, troubled, reply } = health;
  if (obstacle === "no-mail-server")
    return (
      <Banner
        title="No mail leaves this server"
        className="mb-4"
        action={managesServer ? <Action href="/settings" label="Set a mail server" /> : !hasAddress && <EnterAddress />}
      >
        {managesServer
          ? "Nobody is told when a member fails. What there is to tell is kept on the page "
          : `You are told nothing by mail until root sets a mail server. ${hasAddress ? "" : "Your account has no e-mail address either. "}What there is to tell you is kept on the page `}
        <Notifications />.
      </Banner>
    );
  if (obstacle === "no-address")
    return (
      <Banner title="No mail reaches you" className="mb-4" action={<EnterAddress />}>
        Your account has no e-mail address. What there is to tell you is kept on the page <Notifications />.
      </Banner>
    );
  if (troubled === 0) return null;
  return (
    <Banner
      tone="warn"
      title={troubled === 1 ? "A notice could not be sent" : `${troubled} notices could not be sent`}
      className="mb-4"
      action={<Action href="/notifications" label="Open Notifications" />}
    >
      {reply}
    </Banner>
  );
}

function Action({ href, label }: { href: string; label: string }) {
  return (
    <Button size="sm" asChild>
      <Link href={href}>{label}</Link>
    </Button>
  );
}

function EnterAddress() {
  return <Action href="/account" label="Enter an address" />;
}

function Notifications() {
  return (
    <Link href="/notifications" className="underline">
      Notifications
    </Link>
  );
}
