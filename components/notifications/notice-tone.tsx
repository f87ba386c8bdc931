import { Status, type StatusKind } from "@/components/ui/status";
import type { NoticeRow } from "@/lib/notifications/queries";

const KINDS: Readonly<Record<NoticeRow["tone"], { kind: StatusKind; word: string }>> = {
  bad: { kind: "error", word: "Problem" },
  warn: { kind: "warning", word: "Attention" },
  ok: { kind: "ok", word: "Over" },
};

/** What kind of news a notice is, as a shape. */
export function NoticeTone({ tone }: { tone: NoticeRow["tone"] }) {
  const { kind, word } = KINDS[tone];
  return (
    <Status kind={kind} iconOnly title={word}>
      {word}
    </Status>
  );
}
