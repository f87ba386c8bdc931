import Link from "next/link";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import type { NoticeHealth } from "@/lib/notifications/health";

/** That people are not reached, and what to do about it. Nothing while they are. */
export function MailProblem({ health: { hasMailServer, troubled, reply } }: { health: NoticeHealth }) {
  if (!hasMailServer)
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
