import { z } from "zod";

/**
 * What people are told of, and what is known of each event. Facts are stored as JSON and become the message in lib/notifications/message: they hold no
 * secret, and nothing of another account than the notice's owner.
 */

/** Words of another side: one line, without control characters, and not endless. */
const line = (most: number) =>
  z.string().transform((text) => {
    const plain = text
      .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ")
      .replace(/ +/g, " ")
      .trim();
    return plain.length > most ? `${plain.slice(0, most - 1)}…` : plain;
  });

/** Epoch milliseconds. */
const instant = z.number().int();
const count = z.number().int().min(0);
const name = line(255);
const cause = line(500);
/** "ours": whether the member accepts this server's calls. */
const trustHalf = z.enum(["ours", "theirs"]);

const FACTS = {
  "member-disabled": z.object({
    member: name,
    /** A sentence of why its commands fail. */
    cause,
    /** Commands in a row that failed. */
    failures: count,
    firstFailureAt: instant.nullable(),
    lastFailureAt: instant.nullable(),
    /** Zones that it lacks in their newest form. */
    waitingZones: count,
    /** The change that its nameserver was last seen to answer with; null: none. */
    lastServed: z.object({ zone: name, serial: count, at: instant }).nullable(),
  }),
  "member-back": z.object({
    member: name,
    disabledAt: instant,
    /** Zones that are now caught up. */
    waitingZones: count,
    /** Whether somebody enabled it, or it was enabled because it answered again. */
    how: z.enum(["by-hand", "by-itself"]),
  }),
  /** `half` is what broke; left out in notices of before. */
  "trust-broken": z.object({ member: name, cause, half: trustHalf.optional() }),
  "trust-mended": z.object({ member: name, half: trustHalf.optional() }),
  "drift-found": z.object({
    member: name,
    /** Zones that its nameserver serves otherwise than was acknowledged. */
    zones: count,
    /** The first few of them, each with what is wrong. */
    first: z.array(z.object({ zone: name, cause })).max(10),
    /** When the oldest difference was seen first, and when it was looked at last. */
    since: instant,
    lookedAt: instant,
  }),
  "drift-over": z.object({ member: name, since: instant }),
  /** `heldBy`: the member that calls with it; null: none that is known. */
  "token-expiring": z.object({ token: name, username: name, expiresAt: instant, heldBy: name.nullable() }),
  /** A member's nameserver, seen from here; without `member`, the one of this server. `zones`: those that it does not answer for. */
  "nameserver-down": z.union([
    z.object({ member: name, cause, since: instant, zones: count }),
    z.object({ cause, since: instant, listen: line(300) }),
  ]),
  "nameserver-back": z.union([z.object({ member: name, downSince: instant }), z.object({ downSince: instant })]),
  "certificate-expiring": z.object({ hostname: name, issuer: line(300), expiresAt: instant }),
  /** `marks`: what about it could do harm (lib/sync/plan-marks). `zones`: a few of those that it is about. */
  "sync-approval": z.object({
    plan: count,
    askedBy: name,
    steps: count,
    marks: z.array(line(40)).max(20),
    zones: z.array(name).max(5),
  }),
  /** `by`: who decided; empty: nobody did. */
  "sync-approval-over": z.object({
    plan: count,
    outcome: z.enum(["approved", "rejected", "expired", "left-out"]),
    by: name,
  }),
} as const;

export type NoticeEvent = keyof typeof FACTS;
export type NoticeFacts<E extends NoticeEvent> = z.output<(typeof FACTS)[E]>;

/** Events that end what another one began. They are told to those who are told of the begin, and only after it. */
const ENDS = {
  "member-back": "member-disabled",
  "trust-mended": "trust-broken",
  "drift-over": "drift-found",
  "nameserver-back": "nameserver-down",
  "sync-approval-over": "sync-approval",
} as const satisfies Partial<Record<NoticeEvent, NoticeEvent>>;

export type EndEvent = keyof typeof ENDS;
/** Events that begin an episode: what somebody subscribes to. */
export type Topic = Exclude<NoticeEvent, EndEvent>;

/** What a person may wish to be told of, as the account page lists it. `isServer`: an affair of the whole server, so for root only. */
export const TOPICS: Readonly<Record<Topic, { readonly label: string; readonly isServer: boolean }>> = {
  "member-disabled": { label: "A cluster member is disabled, and when it is back", isServer: false },
  "trust-broken": { label: "The trust with a member is broken, and when it works again", isServer: false },
  "drift-found": {
    label: "A nameserver serves something else than it acknowledged, and when that is over",
    isServer: false,
  },
  "token-expiring": { label: "An API token is about to expire", isServer: false },
  "sync-approval": { label: "A plan waits for approval, and what became of it", isServer: false },
  "nameserver-down": { label: "A nameserver is down, and when it is back", isServer: false },
  "certificate-expiring": { label: "This server's certificate is about to expire", isServer: true },
};

export const TOPIC_NAMES = Object.keys(TOPICS) as Topic[];

/** The event whose episode this one ends; undefined: it begins one. */
export function beginOf(event: NoticeEvent): Topic | undefined {
  return event in ENDS ? ENDS[event as EndEvent] : undefined;
}

/** What one subscribes to in order to be told of it. */
export function topicOf(event: NoticeEvent): Topic {
  return beginOf(event) ?? (event as Topic);
}

/** What an event's facts may hold, checked and cleaned. @throws ZodError */
export function noticeFacts<E extends NoticeEvent>(event: E, facts: unknown): NoticeFacts<E> {
  return FACTS[event].parse(facts) as NoticeFacts<E>;
}

/** Whether a stored word is an event of this version. */
export function isNoticeEvent(word: string): word is NoticeEvent {
  return Object.hasOwn(FACTS, word);
}
