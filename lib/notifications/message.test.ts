import { describe, expect, it } from "vitest";
import { type NoticeEvent, type NoticeFacts, TOPICS, topicOf } from "./events";
import { readNotice } from "./message";
import { renderMail } from "./template";

const AT = 1_763_650_000_000;

/** Each event with facts as they come. */
const NOTICES: { readonly [E in NoticeEvent]: NoticeFacts<E> } = {
  "member-disabled": {
    ...{ member: "ns1.example.net", cause: "It refused the connection.", failures: 10, waitingZones: 1_204 },
    ...{ firstFailureAt: null, lastFailureAt: AT, lastServed: null },
  },
  "member-back": { member: "ns1.example.net", disabledAt: AT, waitingZones: 1, how: "by-itself" },
  "trust-broken": { member: "ns1.example.net", cause: "Its token was revoked." },
  "trust-mended": { member: "ns1.example.net" },
  "drift-found": {
    ...{ member: "ns1.example.net", zones: 3, since: AT, lookedAt: AT },
    first: [{ zone: "example.com.", cause: "old serial: It still answers with serial 4." }],
  },
  "drift-over": { member: "ns1.example.net", since: AT },
  "token-expiring": { token: "ns1", username: "root", expiresAt: AT, heldBy: "ns1.example.net" },
  "nameserver-down": { cause: "Knot is not installed.", since: AT, listen: "192.0.2.1@53" },
  "nameserver-back": { downSince: AT },
  "sync-approval": { plan: 3, askedBy: "root", steps: 2, marks: ["apex-ns"], zones: ["example.com"] },
  "sync-approval-over": { plan: 3, outcome: "approved", by: "root" },
  "certificate-expiring": { hostname: "panel.example.com", issuer: "itself", expiresAt: AT },
};

describe.each(Object.entries(NOTICES) as [NoticeEvent, NoticeFacts<NoticeEvent>][])("%s", (event, facts) => {
  const message = readNotice({ event, memberId: 7, facts: JSON.stringify(facts), raisedAt: BigInt(AT) });
  const mail = renderMail([message], { hostname: "panel.example.com", panelUrl: "https://panel.example.com:2087" });

  it("is subscribed to by a topic", () => {
    expect(Object.keys(TOPICS)).toContain(topicOf(event));
  });

  it("says the same as text and as HTML, with every fact", () => {
    const plain = mail.html.replace(/<[^>]+>/g, "").replaceAll("&#39;", "'");
    for (const words of [message.subject, ...message.paragraphs, ...message.facts.flat()]) {
      expect(mail.text).toContain(words);
      expect(plain).toContain(words);
    }
    expect(mail.subject).toBe(`[panel.example.com] ${message.subject}`);
    if (message.link) expect(mail.text).toContain(`https://panel.example.com:2087${message.link.path}`);
  });
});

it("names what is missing in words, and counts in figures that can be read", () => {
  const facts = JSON.stringify(NOTICES["member-disabled"]);
  const { facts: rows } = readNotice({ event: "member-disabled", memberId: null, facts, raisedAt: BigInt(AT) });
  expect(Object.fromEntries(rows)).toMatchObject({
    "First failure": "not known",
    "Waiting for it": "1,204 zones",
    "Last seen served": "nothing yet",
  });
});

it("tells a member's nameserver from the one of this server", () => {
  const facts = { member: "ns1.example.net", cause: "192.0.2.9 did not answer.", since: AT, zones: 1_204 };
  const stored = { event: "nameserver-down", memberId: 7, facts: JSON.stringify(facts), raisedAt: BigInt(AT) };
  const message = readNotice(stored);
  expect(message.subject).toBe("The nameserver of ns1.example.net does not answer over DNS");
  expect(message.facts).toContainEqual(["Not answered for", "1,204 zones"]);
  expect(message.link?.path).toBe("/cluster/7");
  const back = { event: "nameserver-back", facts: JSON.stringify({ member: "ns1.example.net", downSince: AT }) };
  expect(readNotice({ ...stored, ...back }).subject).toBe("The nameserver of ns1.example.net answers again");
  const local = JSON.stringify(NOTICES["nameserver-down"]);
  expect(readNotice({ ...stored, memberId: null, facts: local }).subject).toBe("The local nameserver is down");
});

it("says of a member that enabled itself that it has caught up, not that it is about to", () => {
  const back = (how: "by-hand" | "by-itself") =>
    readNotice({
      ...{ event: "member-back", memberId: 7, raisedAt: BigInt(AT) },
      facts: JSON.stringify({ ...NOTICES["member-back"], how }),
    });
  expect(back("by-itself").paragraphs.join()).toContain("has got what changed meanwhile");
  expect(back("by-itself").facts.map(([label]) => label)).not.toContain("To catch up");
  expect(back("by-hand").facts).toContainEqual(["To catch up", "1 zone"]);
});

it("leads to the cluster where the member is gone", () => {
  const facts = JSON.stringify(NOTICES["member-disabled"]);
  expect(readNotice({ event: "member-disabled", memberId: null, facts, raisedAt: BigInt(AT) }).link?.path).toBe(
    "/cluster",
  );
});
