import { notFound } from "next/navigation";
import { Card } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import { Link } from "@/components/ui/link";
import { RelativeTime } from "@/components/ui/relative-time";
import { utcWords } from "@/components/ui/time-words";
import { DiffView } from "@/components/zones/diff-view";
import { ReceiptTable } from "@/components/zones/receipt-table";
import { zonePath } from "@/components/zones/zone-path";
import { ZoneRefresh } from "@/components/zones/zone-refresh";
import { can } from "@/lib/access/authorize";
import { orNotFound } from "@/lib/auth/or-not-found";
import { runtime } from "@/lib/runtime";
import { diffRevisions, getRevision, zoneHistory } from "@/lib/zones/queries-history";
import { zoneReceipts } from "@/lib/zones/receipts";
import { revisionNumber } from "@/lib/zones/schemas";
import { zoneOfPage } from "../../zone-page";
import { KIND_WORDS } from "../kind-words";
import { RestoreRevision } from "../restore-revision";
import { CompareWith } from "./compare-with";

interface Props {
  params: Promise<{ name: string; seq: string }>;
  searchParams: Promise<{ from?: string | string[] }>;
}

/** The longest text that is shown whole; beyond it the export is the better view. */
const SHOWN_TEXT = 200_000;

export default async function RevisionPage({ params, searchParams }: Props) {
  const { name: param, seq: seqText } = await params;
  const { actor, view } = await zoneOfPage(param);
  const seq = revisionNumber.safeParse(seqText);
  const from = revisionNumber.safeParse((await searchParams).from);
  if (!seq.success) notFound();
  const ctx = runtime();
  const { name } = view;
  const [revision, difference, receipts, history] = await Promise.all([
    orNotFound(getRevision(ctx, actor, { name, seq: seq.data })),
    orNotFound(diffRevisions(ctx, actor, { name, from: from.success ? from.data : null, to: seq.data })),
    orNotFound(zoneReceipts(ctx, actor, { name, seq: seq.data })),
    zoneHistory(ctx, actor, { name, page: 1 }),
  ]);
  const others = history.revisions.filter((other) => other.seq !== revision.seq);
  return (
    <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,1fr)_26rem]">
      <ZoneRefresh name={view.name} calmMs={1_000} />
      <Card
        title={`${KIND_WORDS[revision.kind]}: serial ${revision.serial}`}
        description={
          <>
            <bdi>{revision.actorName}</bdi>
            {revision.origin && <> from {revision.origin}</>}, <RelativeTime at={revision.createdAt} /> (
            {utcWords(revision.createdAt)}){revision.reason !== "" && <>: {revision.reason}</>}
          </>
        }
        actions={
          can(actor, "zone.write") &&
          !revision.isCurrent &&
          revision.kind !== "delete" && <RestoreRevision name={name} seq={revision.seq} serial={revision.serial} />
        }
      >
        <CompareWith
          path={zonePath(name, `/history/${revision.seq}`)}
          from={difference.from?.seq ?? null}
          revisions={others.map((other) => ({
            seq: other.seq,
            label: `${other.serial} · ${KIND_WORDS[other.kind]} · ${utcWords(other.createdAt)}`,
          }))}
        />
        <DiffView diff={difference.diff} apex={name} label="Difference" />
      </Card>
      <div className="flex flex-col gap-4">
        <Card title="Receipts" flush>
          <ReceiptTable targets={receipts.targets} />
        </Card>
        {revision.text !== "" && (
          <Card title="Records of this revision">
            {revision.text.length <= SHOWN_TEXT ? (
              <details>
                <summary className="link cursor-pointer">Show {revision.recordCount} records</summary>
                <CodeBlock label="records" code={revision.text} className="mt-2 max-h-96 overflow-y-auto" />
              </details>
            ) : (
              <p className="text-muted">{revision.recordCount} records, too many to show here.</p>
            )}
          </Card>
        )}
        <Link href={zonePath(name, "/history")} className="link">
          All revisions
        </Link>
      </div>
    </div>
  );
}
