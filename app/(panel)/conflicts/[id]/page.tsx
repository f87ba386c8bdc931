import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ConflictActions } from "@/components/conflicts/conflict-actions";
import { conflictSentence, SETTLED_WORDS } from "@/components/conflicts/conflict-words";
import { SideBySide } from "@/components/conflicts/side-by-side";
import { LiveRefresh } from "@/components/live/live-refresh";
import { Banner } from "@/components/ui/banner";
import { Card } from "@/components/ui/card";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { DiffView } from "@/components/zones/diff-view";
import { zonePath } from "@/components/zones/zone-path";
import { can } from "@/lib/access/authorize";
import { orNotFound } from "@/lib/auth/or-not-found";
import { currentActor } from "@/lib/auth/session";
import { type ConflictView, getConflict } from "@/lib/conflicts/queries";
import { conflictId } from "@/lib/conflicts/schemas";
import { runtime } from "@/lib/runtime";

export const metadata: Metadata = { title: "Conflict" };

interface Props {
  params: Promise<{ id: string }>;
}

export default async function ConflictPage({ params }: Props) {
  const id = conflictId.safeParse(Number((await params).id));
  if (!id.success) notFound();
  const actor = await currentActor();
  const conflict = await orNotFound(getConflict(runtime(), actor, { id: id.data }));
  const { name, displayName, settled, lost, seq } = conflict;
  return (
    <>
      <LiveRefresh topics={["zones"]} />
      <PageHeader
        title={displayName}
        crumbs={[{ href: "/conflicts", label: "Conflicts" }]}
        description={
          <>
            Both sides had changed the zone. {conflictSentence(conflict)} <RelativeTime at={conflict.at} />.
          </>
        }
      />
      <div className="flex flex-col gap-4">
        {settled && (
          <Banner tone="ok" title={`${SETTLED_WORDS[settled.as]} by ${settled.by}`}>
            <RelativeTime at={settled.at} />
          </Banner>
        )}
        {!settled && can(actor, "zone.write") && (
          <ConflictActions id={conflict.id} seq={seq} displayName={displayName} isKept={Boolean(lost.text)} />
        )}
        <Card title="Both copies">
          <Copies conflict={conflict} />
        </Card>
        {conflict.restoring && !settled && (
          <Card
            title="Changed since"
            description="The zone was changed after the conflict. This is what restoring would do now."
          >
            <DiffView diff={conflict.restoring} apex={name} label="What restoring would change" />
          </Card>
        )}
        {!conflict.isDeleted && (
          <Link href={zonePath(name, "/history")} className="link">
            History of the zone
          </Link>
        )}
      </div>
    </>
  );
}

function Copies({ conflict }: { conflict: ConflictView }) {
  const { diff, won, lost, name, isOursLost, from } = conflict;
  const other = from ?? "the other server";
  const words = (isOurs: boolean) => (isOurs ? "this server" : other);
  if (diff)
    return (
      <SideBySide
        diff={diff}
        apex={name}
        won={`Won: ${words(!isOursLost)}, serial ${won.serial}`}
        lost={`Lost: ${words(isOursLost)}, serial ${lost.serial}`}
      />
    );
  if (lost.text === null) return <p>The copy that lost is not kept any more.</p>;
  if (won.text === "")
    return (
      <p>The other side deleted the zone. What was here had {lost.text.split("\n").length - 1} records, and is kept.</p>
    );
  return <p>The copies are too large to be shown beside each other, or the one that won is not kept any more.</p>;
}
