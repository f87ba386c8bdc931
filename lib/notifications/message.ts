import { z } from "zod";
import { type EndEvent, isNoticeEvent, type NoticeEvent, type NoticeFacts, noticeFacts, type Topic } from "./events";

/** What a notice says, before it is a mail, a page or a webhook's JSON. Plain text everywhere: templates escape it. */
export interface Message {
  /** One line: what happened to what. */
  readonly subject: string;
  readonly tone: "bad" | "warn" | "ok";
  /** What it means, and what to do next. */
  readonly paragraphs: readonly string[];
  /** What is known of it: label and value. */
  readonly facts: readonly (readonly [string, string])[];
  /** The page that fixes it, from the panel's root. */
  readonly link: { readonly label: string; readonly path: string } | null;
}

/** A notice as it is stored. */
export interface StoredNotice {
  readonly event: string;
  readonly memberId: number | null;
  /** JSON. */
  readonly facts: string;
  readonly raisedAt: bigint;
}

type Writer<E extends NoticeEvent> = (facts: NoticeFacts<E>, notice: StoredNotice) => Message;

const knownEvent = z.string().refine(isNoticeEvent);

/** @throws ZodError when another version of the panel wrote it, and this one cannot read it */
export function readNotice(notice: StoredNotice): Message {
  const event: NoticeEvent = knownEvent.parse(notice.event);
  const write = WRITERS[event] as Writer<NoticeEvent>;
  return write(noticeFacts(event, JSON.parse(notice.facts)), notice);
}

/** As in "2026-11-20 16:10:03 UTC". */
export function utc(at: number | bigint): string {
  return `${new Date(Number(at)).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${new Intl.NumberFormat("en").format(count)} ${count === 1 ? one : many}`;
}

function memberPage({ memberId }: StoredNotice, label: string): Message["link"] {
  return memberId === null ? { label: "Open DNS Cluster", path: "/cluster" } : { label, path: `/cluster/${memberId}` };
}

function plainName(name: string): string {
  return name.replace(/(?<=.)\.$/, "");
}

/** Words for lib/sync/plan-marks. */
const MARK_REASONS: Readonly<Record<string, string>> = {
  "large-change": "it changes or removes a large part of a zone",
  "apex-ns": "it changes the NS records of a zone itself",
  "overwrites-newer": "it overwrites a newer copy",
  "few-zones": "a server suddenly holds far fewer zones",
  "many-removals": "it takes many zones away",
  "own-zone": "it removes what may be a server’s own zone",
};

const OUTCOMES = {
  approved: "was approved",
  rejected: "was rejected",
  expired: "was given up: nobody decided within a week",
  "left-out": "goes on without what could do harm",
} as const;

const BEGINS: { readonly [E in Topic]: Writer<E> } = {
  "member-disabled": (facts, notice) => ({
    subject: `Cluster member ${facts.member} was disabled`,
    tone: "bad",
    paragraphs: [
      `${counted(facts.failures, "command")} in a row to ${facts.member} failed. It was disabled and gets no more commands; all other members are served as before.`,
      "What changes meanwhile is kept for it. Mend the cause, then enable the member: it catches up by itself.",
    ],
    facts: [
      ["Cause", facts.cause],
      ["First failure", facts.firstFailureAt === null ? "not known" : utc(facts.firstFailureAt)],
      ["Last failure", facts.lastFailureAt === null ? "not known" : utc(facts.lastFailureAt)],
      ["Waiting for it", counted(facts.waitingZones, "zone")],
      [
        "Last seen served",
        facts.lastServed === null
          ? "nothing yet"
          : `${plainName(facts.lastServed.zone)}, serial ${facts.lastServed.serial}, ${utc(facts.lastServed.at)}`,
      ],
    ],
    link: memberPage(notice, "Look at the member and enable it"),
  }),
  "trust-broken": (facts, notice) => ({
    subject: `The trust with ${facts.member} is broken`,
    tone: "bad",
    paragraphs: [
      "One of the two ends no longer accepts the other's calls. Until that is mended, changes may go one way only, or not at all.",
    ],
    facts: [
      ["Cause", facts.cause],
      ["Found", utc(notice.raisedAt)],
    ],
    link: { label: "Look at the trust and mend it", path: "/cluster/trust" },
  }),
  "drift-found": (facts, notice) => ({
    subject: `${facts.member}: ${counted(facts.zones, "zone")} served otherwise than acknowledged`,
    tone: "bad",
    paragraphs: [
      `${facts.member} said that it has these zones as they are here, and its nameserver answers otherwise over DNS. Nothing is overwritten by itself.`,
      "Look at what differs and check it again. If it stays, synchronize the zones there: what differs is sent, and nothing is wiped.",
    ],
    facts: [
      ["First seen", utc(facts.since)],
      ["Last looked", utc(facts.lookedAt)],
      ...facts.first.map(({ zone, cause }) => [plainName(zone), cause] as const),
      ...(facts.zones > facts.first.length
        ? [["And", counted(facts.zones - facts.first.length, "more zone")] as const]
        : []),
    ],
    link:
      notice.memberId === null ? { label: "Open the zones", path: "/zones" } : memberPage(notice, "Look at the member"),
  }),
  "token-expiring": (facts) => ({
    subject: `API token ${facts.token} of ${facts.username} expires soon`,
    tone: "warn",
    paragraphs: [
      facts.heldBy === null
        ? "Whatever calls this server with it is refused from then on. Give it a later end, or make a new token and put it where this one is used."
        : `${facts.heldBy} calls this server with it and is refused from then on. Give the token a later end, or set up the reverse trust again.`,
    ],
    facts: [["Expires", utc(facts.expiresAt)]],
    link: { label: "Open API Tokens", path: "/tokens" },
  }),
  "sync-approval": (facts) => ({
    subject: `A plan of ${counted(facts.steps, "step")} waits for approval`,
    tone: "warn",
    paragraphs: [
      "It could do harm, so nothing of it is done before somebody looks at it and agrees. What was agreed to is then done only where nothing changed since.",
    ],
    facts: [
      ["Asked for by", facts.askedBy],
      ["Why it waits", facts.marks.map((mark) => MARK_REASONS[mark] ?? mark).join("; ")],
      ["Zones", facts.zones.join(", ")],
    ],
    link: { label: "Look at the plan", path: `/synchronize/${facts.plan}` },
  }),
  "nameserver-down": (facts, notice) =>
    "member" in facts
      ? {
          subject: `The nameserver of ${facts.member} does not answer over DNS`,
          tone: "bad",
          paragraphs: [
            `Questions to it, or to one of its addresses, stay without an answer, so nobody knows whether it serves these zones. ${facts.member} itself takes what changes as before.`,
            "See that its nameserver runs, and that port 53 is open to this server over UDP and TCP. It is asked again by itself.",
          ],
          facts: [
            ["Cause", facts.cause],
            ["Since", utc(facts.since)],
            ["Not answered for", counted(facts.zones, "zone")],
          ],
          link: memberPage(notice, "Look at the member"),
        }
      : {
          subject: "The local nameserver is down",
          tone: "bad",
          paragraphs: [
            "This server answers no DNS queries. The panel keeps trying to start its nameserver; the cluster's other members are served as before.",
          ],
          facts: [
            ["Cause", facts.cause],
            ["Since", utc(facts.since)],
            ["Addresses", facts.listen],
          ],
          link: { label: "Open the overview", path: "/" },
        },
  "certificate-expiring": (facts) => ({
    subject: `The certificate of ${facts.hostname} expires soon`,
    tone: "warn",
    paragraphs: [
      "From then on browsers warn, and members that check it against public authorities refuse to talk to this server. Put a new certificate and its key into the folder tls of the data directory; it is taken up at once.",
    ],
    facts: [
      ["Expires", utc(facts.expiresAt)],
      ["Issued by", facts.issuer],
    ],
    link: null,
  }),
};

const ENDINGS: { readonly [E in EndEvent]: Writer<E> } = {
  "member-back": (facts, notice) => ({
    subject: `Cluster member ${facts.member} is back`,
    tone: "ok",
    paragraphs: [
      facts.how === "by-hand"
        ? "It was enabled again. What changed meanwhile is on its way to it."
        : "It answers again, was enabled by itself, and has got what changed meanwhile.",
    ],
    facts: [
      ["Disabled since", utc(facts.disabledAt)],
      ["Back since", utc(notice.raisedAt)],
      ...(facts.how === "by-hand" ? [["To catch up", counted(facts.waitingZones, "zone")] as const] : []),
    ],
    link: memberPage(notice, "Look at the member"),
  }),
  "trust-mended": (facts, notice) => ({
    subject: `The trust with ${facts.member} works again`,
    tone: "ok",
    paragraphs: [
      facts.half === "ours"
        ? `${facts.member} accepts this server's calls again.`
        : "Each end accepts the other's calls, as far as both tell.",
    ],
    facts: [["Since", utc(notice.raisedAt)]],
    link: { label: "Look at the trust", path: "/cluster/trust" },
  }),
  "sync-approval-over": (facts) => ({
    subject: `A plan that waited for approval ${OUTCOMES[facts.outcome]}`,
    tone: "ok",
    paragraphs: [
      facts.outcome === "approved"
        ? "It can be carried out now."
        : "Nothing is done that could do harm. What differs is found again when it is compared again.",
    ],
    facts: facts.by === "" ? [] : [["By", facts.by]],
    link: { label: "Look at the plan", path: `/synchronize/${facts.plan}` },
  }),
  "drift-over": (facts, notice) => ({
    subject: `${facts.member} serves what it acknowledged`,
    tone: "ok",
    paragraphs: ["Its nameserver answers over DNS as it was acknowledged, for every zone that differed."],
    facts: [
      ["Differed since", utc(facts.since)],
      ["Over since", utc(notice.raisedAt)],
    ],
    link: notice.memberId === null ? null : memberPage(notice, "Look at the member"),
  }),
  "nameserver-back": (facts, notice) => ({
    ...("member" in facts
      ? {
          subject: `The nameserver of ${facts.member} answers again`,
          paragraphs: ["It answers over DNS for every zone that it did not answer for."],
          link: memberPage(notice, "Look at the member"),
        }
      : {
          subject: "The local nameserver is back",
          paragraphs: ["This server answers DNS queries again."],
          link: { label: "Open the overview", path: "/" },
        }),
    tone: "ok",
    facts: [
      ["Down since", utc(facts.downSince)],
      ["Back since", utc(notice.raisedAt)],
    ],
  }),
};

const WRITERS = { ...BEGINS, ...ENDINGS };
