import { readFileSync, writeFileSync } from "node:fs";
import { generate } from "selfsigned";
import { expect } from "vitest";
import { certificateFiles } from "@/lib/net/certificate-files";
import { raiseNotice } from "@/lib/notifications/raise";
import { disabledNotice } from "@/lib/notifications/testing/disabled-notice";
import { writeSettings } from "@/lib/settings/settings";
import { createToken, revokeTokens } from "@/lib/tokens/service";
import type { Fleet } from "./fleet";
import { fresh, freshNumber, type Kill } from "./kill";
import { until } from "./settled";

/** Kills on the way of what people are told. */

/** Something to be told, whose time has come. @returns its subject */
async function raise({ web1 }: Fleet): Promise<string> {
  // Of no member that there is.
  const id = 1_000 + freshNumber();
  const subject = `told-${id}.example.net`;
  const notice = disabledNotice(id, web1.root.userId, { member: subject });
  await web1.db.transaction((tx) => raiseNotice(tx, web1, notice));
  await hurryNotices(web1);
  return subject;
}

/** The pauses after a try, and those of a recipient who got many, are over. */
async function hurryNotices({ db }: Fleet["web1"]): Promise<void> {
  await db.client.noticeDelivery.updateMany({ where: { state: "waiting" }, data: { nextAt: 0n } });
  await db.client.noticeDelivery.updateMany({ where: { state: "sent" }, data: { sentAt: 0n } });
}

/** What is kept for want of a mail server stays so. */
async function allSent({ web1 }: Fleet): Promise<void> {
  await until("all mails are sent", async () => {
    await hurryNotices(web1);
    const waiting = await web1.db.client.noticeDelivery.count({ where: { state: "waiting" } });
    return waiting === 0 ? [] : [`${waiting} wait`];
  });
}

/** Message-IDs of the mails that have this in them. */
const mailsAbout = ({ smtp }: Fleet, words: string) =>
  smtp.mails.flatMap(({ source }) => {
    const text = source.toString();
    return text.includes(words) ? [/^Message-ID: (.*)$/im.exec(text)?.[1]] : [];
  });

let toldLast = "";

/** A message is sent once, or once more under its name where nobody can know whether it was sent. */
export function message(mostMails: (when: "before" | "after") => number): Kill {
  return {
    async lead(fleet) {
      toldLast = await raise(fleet);
    },
    async after(fleet, when) {
      await allSent(fleet);
      const ids = mailsAbout(fleet, toldLast);
      // The server may have been on its way with what another kill left, and then sends this one once.
      expect(ids.length).toBeGreaterThanOrEqual(1);
      expect(ids.length).toBeLessThanOrEqual(mostMails(when));
      expect(new Set(ids).size).toBe(1);
    },
  };
}

/** The webhook fails for one message, and another one waits with it. */
export const postponed: Kill = {
  async before({ web1 }) {
    // Nobody listens there.
    const sealedSecret = web1.secrets.seal("secret", "webhook");
    const webhook = { url: "https://127.0.0.1:1/", sealedSecret };
    await web1.db.transaction((tx) => writeSettings(tx, "webhook", webhook));
  },
  async lead(fleet) {
    await raise(fleet);
    await raise(fleet);
  },
  async after({ web1 }) {
    await web1.db.transaction((tx) => writeSettings(tx, "webhook", { url: "" }));
  },
};

const kept: string[] = [];

/** There is no mail server to send it with. */
export const unsent: Kill = {
  isAtStart: true,
  async lead(fleet) {
    await fleet.web1.db.transaction((tx) => writeSettings(tx, "mail", { host: "" }));
    kept.push(await raise(fleet));
  },
  async after(fleet) {
    const { db } = fleet.web1;
    await until("nothing waits", async () =>
      (await db.client.noticeDelivery.count({ where: { state: "waiting" } })) > 0 ? ["something does"] : [],
    );
    const notices = await db.client.notice.findMany({
      where: { OR: kept.map((facts) => ({ facts: { contains: facts } })) },
    });
    const where = { noticeId: { in: notices.map(({ id }) => id) } };
    const deliveries = await db.client.noticeDelivery.findMany({ where });
    expect(deliveries.map(({ state, attempts }) => ({ state, attempts }))).toEqual(
      kept.map(() => ({ state: "kept", attempts: 0 })),
    );
    await db.transaction((tx) => writeSettings(tx, "mail", { host: "127.0.0.1" }));
  },
};

const WARNINGS = ["token-expiring", "certificate-expiring"];
const DAY_MS = 24 * 60 * 60_000;
const tokens: { readonly id: number; readonly name: string }[] = [];
const certificates: string[] = [];
let ownCertificate: { cert: string; key: string } | undefined;

/** A token, and the certificate of web1, are near their end. */
export const expiring: Kill = {
  isAtStart: true,
  async lead({ web1 }) {
    const name = `ends-soon-${freshNumber()}`;
    const { id } = await createToken(web1, web1.root, { name, acls: ["list-zones"], expiresAt: Date.now() + DAY_MS });
    await web1.db.client.apiToken.update({ where: { id }, data: { createdAt: BigInt(Date.now() - 90 * DAY_MS) } });
    tokens.push({ id, name });
    const files = certificateFiles(web1.env.dataDir);
    ownCertificate ??= { cert: readFileSync(files.cert, "utf8"), key: readFileSync(files.key, "utf8") };
    const [notBeforeDate, notAfterDate] = [new Date(Date.now() - 90 * DAY_MS), new Date(Date.now() + DAY_MS)];
    const host = fresh("certificate");
    const made = await generate([{ name: "commonName", value: host }], { keyType: "ec", notBeforeDate, notAfterDate });
    writeFileSync(files.cert, made.cert);
    writeFileSync(files.key, made.private);
    certificates.push(made.cert);
  },
  async after(fleet) {
    const { web1 } = fleet;
    await until("all is warned of", async () => {
      const warned = await web1.db.client.notice.groupBy({
        by: ["event"],
        _count: true,
        where: { event: { in: WARNINGS } },
      });
      return warned.length < 2 ? ["something is not"] : [];
    });
    await allSent(fleet);
    for (const { id, name } of tokens) {
      expect(await web1.db.client.notice.count({ where: { episode: { startsWith: `token:${id}:` } } })).toBe(1);
      const ids = mailsAbout(fleet, name);
      expect(new Set(ids).size).toBe(1);
      // A kill between its sending and the note of it sends it once more, under its name.
      expect(ids.length).toBeLessThanOrEqual(2);
    }
    const open = { event: "certificate-expiring", endedAt: null };
    expect(await web1.db.client.notice.count({ where: open })).toBe(1);
    await revokeTokens(web1, web1.root, { names: tokens.map(({ name }) => name) });
    const files = certificateFiles(web1.env.dataDir);
    writeFileSync(files.cert, ownCertificate?.cert ?? "");
    writeFileSync(files.key, ownCertificate?.key ?? "");
  },
};

let left = "";

/** A nameserver serves a zone otherwise, and in the end does so no more; and something was told of a member to which nothing is sent any more. */
export const drift: Kill = {
  isAtStart: true,
  async lead({ web1: { db }, memberIds }, point) {
    const { id: targetId } = await db.client.target.findUniqueOrThrow({ where: { memberId: memberIds.ns2 } });
    const { zoneId } = await db.client.zoneTarget.findFirstOrThrow({ where: { targetId, ackSeq: { gt: 0n } } });
    const isOver = point === "after notice.left";
    const since = BigInt(Date.now() - 5 * 60_000);
    const problem = isOver ? { problem: null, contentState: "same" } : { problem: "content", contentState: "differs" };
    const data = { ...problem, problemSince: isOver ? null : since, contentAt: since, verifySeq: null, verifyAt: null };
    await db.client.zoneTarget.updateMany({ where: { zoneId, targetId }, data });
    left = `member:${1_000 + freshNumber()}:1`;
    const notice = { event: "drift-found", episode: left, memberId: 1_000_000, facts: "{}", raisedAt: 0n };
    await db.client.notice.create({ data: notice });
  },
  async after(fleet) {
    const { notice } = fleet.web1.db.client;
    const where = { memberId: fleet.memberIds.ns2, event: { in: ["drift-found", "drift-over"] } };
    await until("its end is told", async () =>
      (await notice.count({ where: { ...where, event: "drift-over" } })) === 0 ? ["it goes on"] : [],
    );
    await allSent(fleet);
    const told = await notice.findMany({ where, orderBy: { id: "asc" } });
    expect(told.map(({ event, endedAt }) => [event, endedAt !== null])).toEqual([
      ["drift-found", true],
      ["drift-over", true],
    ]);
    const deliveries = await fleet.web1.db.client.noticeDelivery.findMany({
      where: { noticeId: { in: told.map(({ id }) => id) } },
    });
    expect(deliveries.map(({ state }) => state)).toEqual(["sent", "sent"]);
    await until("nothing goes on at members that are left alone", async () =>
      (await notice.count({ where: { memberId: 1_000_000, endedAt: null } })) > 0 ? ["something does"] : [],
    );
    expect(await notice.count({ where: { memberId: 1_000_000, event: "drift-over" } })).toBe(0);
  },
};
