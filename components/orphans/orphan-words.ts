import type { OrphanRow } from "@/lib/orphans/queries";
import type { OrphanQuery } from "@/lib/orphans/schemas";

/** The four lists of the page. */
export const SHOWN_WORDS: Readonly<
  Record<OrphanQuery["show"], { label: string; empty: string; help: (graceHours: number) => string }>
> = {
  due: {
    label: "To decide",
    empty: "No zone is without an owner",
    help: () => "Remove it where it is, take it in, or say why it stays.",
  },
  new: {
    label: "New",
    empty: "Nothing was found lately",
    help: (hours) =>
      `Found less than ${hours} hours ago. Its server may only be about to tell of it, so nothing is offered yet.`,
  },
  own: {
    label: "Most likely a server’s own",
    empty: "No server holds zones of its own",
    help: () =>
      "They never came from here, and their server may well have zones of its own, as every web server has. They are no problem and are not counted.",
  },
  kept: { label: "Kept", empty: "Nothing was kept", help: () => "Somebody decided that these stay as they are." },
};

/** What a zone that nobody owns probably is, in a sentence. */
export function orphanSentence({ kind, likelyOf, member }: Pick<OrphanRow, "kind" | "likelyOf" | "member">): string {
  const there = member?.name ?? "the server";
  const unknown = likelyOf
    ? `Nobody here has it. ${likelyOf} has it as its own, so it is most likely that server’s.`
    : "Nobody here has it, and it was not deleted here. Another server may write it there.";
  const words: Readonly<Record<OrphanRow["kind"], string>> = {
    unknown,
    own: `Most likely a zone of ${there} itself.`,
    deleted: "It was deleted here, and is still there.",
    newer: "It was deleted here, and changed there after that.",
    answers: "It was deleted here, is not listed there any more, and its nameserver still answers for it.",
    "source-gone": `It came from ${there}, which does not have it any more.`,
    "account-gone": "It belongs to an account that there is not.",
  };
  return words[kind];
}
