import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import type { NoticeHealth } from "@/lib/notifications/health";

/** That people are not reached, and what to do about it. Nothing while they are. */
export function MailProblem({ health: { obstacle, troubled, reply } }: { health: NoticeHealth }) {
  if (obstacle === "no-mail-server")
    return (
      <Banner
        title="No mail leaves this server"
        className="mb-4"
        action={
          <Button size="sm" asChild>
            <Link href="/settings">Set a mail server</Link>
          </Button>
        }
      >
        Nobody is told when a member fails. What there is to tell is kept on the page{" "}
        <Link href="/notifications" className="underline">
          Notifications
        </Link>
        .
      </Banner>
    );
  if (obstacle === "no-address")
    return (
      <Banner
        title="No mail reaches you"
        className="mb-4"
        action={
          <Button size="sm" asChild>
            <Link href="/account">Enter an address</Link>
          </Button>
        }
      >
        Your account has no e-mail address. What there is to tell you is kept on the page{" "}
        <Link href="/notifications" className="underline">
          Notifications
        </Link>
        .
      </Banner>
    );
  if (troubled === 0) return null;
  return (
    <Banner
      tone="warn"
      title={troubled === 1 ? "A notice could not be sent" : `${troubled} notices could not be sent`}
      className="mb-4"
      action={
        <Button size="sm" asChild>
          <Link href="/notifications">Open Notifications</Link>
        </Button>
      }
    >
      {reply}
    </Banner>
  );
}
