import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { LiveRefresh } from "@/components/live/live-refresh";
import { DeliveryState } from "@/components/notifications/delivery-state";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { utcWords } from "@/components/ui/time-words";
import { orNotFound } from "@/lib/auth/or-not-found";
import { currentActor } from "@/lib/auth/session";
import { type DeliveryView, getNotice } from "@/lib/notifications/queries";
import { noticeId } from "@/lib/notifications/schemas";
import { runtime } from "@/lib/runtime";
import { SendAgain } from "./send-again";

export const metadata: Metadata = { title: "Notification" };

export default async function NoticePage({ params }: { params: Promise<{ id: string }> }) {
  const actor = await currentActor("notice.read");
  const input = noticeId.safeParse({ id: Number((await params).id) });
  if (!input.success) notFound();
  const notice = await orNotFound(getNotice(runtime(), actor, input.data.id));
  const { subject, raisedAt, isOpen, endedAt, withheld, deliveries, message, text, html } = notice;
  return (
    <>
      <LiveRefresh topics={["notices"]} />
      <PageHeader
        title={subject}
        crumbs={[{ href: "/notifications", label: "Notifications" }]}
        description={`${utcWords(raisedAt)}${isOpen ? ", goes on" : endedAt !== null && endedAt !== raisedAt ? `, ended ${utcWords(endedAt)}` : ""}`}
        actions={
          message.link && (
            <Button variant="primary" asChild>
              <Link href={message.link.path}>{message.link.label}</Link>
            </Button>
          )
        }
      />
      <div className="grid max-w-4xl gap-4">
        {withheld !== null && <Banner>{withheld}</Banner>}
        {deliveries.length > 0 && (
          <Card title="Told" flush>
            <ul>
              {deliveries.map((delivery) => (
                <Delivery key={delivery.id} delivery={delivery} />
              ))}
            </ul>
          </Card>
        )}
        <Card title="As text">
          <CodeBlock code={text} label="message" wrap />
        </Card>
        <Card title="As HTML" flush>
          {/* Without any permission: no scripts, no forms, no way out of the frame, and an origin of its own. */}
          <iframe title="The message as HTML" sandbox="" srcDoc={html} className="block h-120 w-full bg-white" />
        </Card>
      </div>
    </>
  );
}

function Delivery({ delivery }: { delivery: DeliveryView }) {
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1 border-line border-b px-4 py-2 last:border-b-0">
      <div className="min-w-0 flex-1 basis-64">
        <DeliveryState delivery={delivery} />
        {delivery.reply !== null && (
          <p className="mt-0.5 text-muted text-xs [overflow-wrap:anywhere]">{delivery.reply}</p>
        )}
      </div>
      {delivery.state !== "sent" && <SendAgain id={delivery.id} isRetry={delivery.attempts > 0} />}
    </li>
  );
}
