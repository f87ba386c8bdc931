import { once } from "node:events";
import { rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import path from "node:path";
import { expect } from "vitest";
import { requestResync } from "@/lib/cluster/resync";
import type { FaultStep } from "@/lib/fault-points";
import { enableMember } from "@/lib/members/enable-member";
import { pauseMembers } from "@/lib/members/pause-members";
import { LONG_AWAY_MS } from "@/lib/members/ready-target";
import { findStaleKnot, knotDirectory } from "@/lib/nameserver/knot-directory";
import { raiseNotice } from "@/lib/notifications/raise";
import { disabledNotice } from "@/lib/notifications/testing/disabled-notice";
import { removeOrphans } from "@/lib/orphans/service";
import { openContext } from "@/lib/server/testing/open-context";
import { writeSettings } from "@/lib/settings/settings";
import { approvePlan } from "@/lib/sync-jobs/approval";
import { getJob } from "@/lib/sync-jobs/queries";
import { LOCAL, planRequest, repairRequest } from "@/lib/sync-jobs/schemas";
import { applyPlan, startPlan, startRepair } from "@/lib/sync-jobs/service";
import { createZone } from "@/lib/zones/service";
import { type Fleet, setThreshold } from "./fleet";
import { otherClock } from "./other-clock";
import { endPauses, settle, until } from "./settled";

/** How a server gets to a step, and what is left to do once it was killed there and started again. */
export interface Kill {
  /** Default: web1. */
  readonly victim?: "web1" | "ns1";
  /** The step is taken when the server starts: `lead` runs while it is stopped. */
  readonly isAtStart?: true;
  /** For that start. */
  readonly nodeFlags?: readonly string[];
  /** ns1 is disabled once on the way, and people are told once of the begin and once of the end. */
  readonly isEpisode?: true;
  /** Done before the server is armed. */
  before?(fleet: Fleet): Promise<void>;
  /** Leads to the step. It may end before, after or with the server. */
  lead(fleet: Fleet): Promise<unknown>;
  after?(fleet: Fleet, when: "before" | "after"): Promise<void>;
}

/** Names that are used once. */
let names = 0;
const fresh = (word: string) => `${word}${++names}.example`;
const zoneOf = ({ acknowledged }: Fleet) => [...acknowledged.keys()][names++ % acknowledged.size] ?? "";

const edit = (fleet: Fleet) => fleet.edit(zoneOf(fleet));
const member = ({ web1, memberIds }: Fleet) =>
  web1.db.client.member.findUniqueOrThrow({ where: { id: memberIds.ns1 } });
const compare = async (fleet: Fleet) => requestResync(fleet.web1, fleet.web1.root, { memberId: fleet.memberIds.ns1 });

/** An edit that fails at ns1. */
async function failingEdit(fleet: Fleet): Promise<void> {
  await fleet.link.set({ kind: "refuse" });
  await edit(fleet);
}

async function isDisabled(fleet: Fleet): Promise<void> {
  await until("ns1 is disabled", async () => {
    const { disabledAt, failures } = await member(fleet);
    if (disabledAt === null) await endPauses(fleet.web1);
    return disabledAt === null ? [`${failures} failures`] : [];
  });
}

async function disable(fleet: Fleet, autoEnable: boolean): Promise<void> {
  await setThreshold(fleet.web1, 1, autoEnable);
  await failingEdit(fleet);
  await isDisabled(fleet);
}

/** Its network is back, and the time has come to ask whether it answers. */
async function answerAgain({ link, web1 }: Fleet): Promise<void> {
  await link.set(null);
  await web1.db.client.member.updateMany({ where: { disabledAt: { not: null } }, data: { probeAt: 0n } });
}

async function isBack(fleet: Fleet): Promise<void> {
  await until("ns1 is back", async () => {
    const { disabledAt, recoveringAt } = await member(fleet);
    return disabledAt === null && recoveringAt === null ? [] : ["it is not back yet"];
  });
  await setThreshold(fleet.web1, 0);
}

/** Something to be told, whose time has come. @returns its subject */
async function raise({ web1 }: Fleet): Promise<string> {
  // Of no member that there is.
  const id = 1_000 + ++names;
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

let toldLast = "";

/** A message is sent once, or once more under its name where nobody can know whether it was sent. */
function message(mostMails: (when: "before" | "after") => number): Kill {
  return {
    async lead(fleet) {
      toldLast = await raise(fleet);
    },
    async after({ web1, smtp }, when) {
      const about = () => smtp.mails.filter(({ source }) => source.includes(toldLast));
      await until("it is sent", async () => {
        await hurryNotices(web1);
        return (await web1.db.client.noticeDelivery.count({ where: { state: "waiting" } })) === 0 ? [] : ["it waits"];
      });
      // The server may have been on its way with what another kill left, and then sends this one once.
      expect(about().length).toBeGreaterThanOrEqual(1);
      expect(about().length).toBeLessThanOrEqual(mostMails(when));
      const ids = about().map(({ source }) => /^Message-ID: (.*)$/im.exec(source.toString())?.[1]);
      expect(new Set(ids).size).toBe(1);
    },
  };
}

let removed = "";
let job = 0;
let stray = 0;
let copied = "";

const STRAY = `$TTL 300\n@ SOA ns1.example.net. hostmaster.example.net. 1 3600 900 1209600 300\n@ NS ns1.example.net.\n`;

/** A zone that only ns1 has is taken to web1 and sent to ns2. */
const synchronization: Kill = {
  async before({ cluster }) {
    copied = fresh("sync");
    const ns1 = await openContext(cluster.variables("ns1"));
    await createZone(ns1, ns1.root, { name: `${copied}.`, text: STRAY });
    await ns1.close();
  },
  async lead(fleet) {
    const request = planRequest.parse({ choice: "one-everywhere", zone: copied });
    job = (await startPlan(fleet.web1, fleet.web1.root, request)).id;
    await untilDone(fleet);
  },
  async after(fleet) {
    await untilDone(fleet);
    fleet.accept(copied);
  },
};

/**
 * Agrees to the plan as soon as it is made, and waits until all its steps are done. A job does not wait for a server that is not reached, such as the local
 * nameserver in a start; what it asked for comes all the same.
 */
async function untilDone({ web1 }: Fleet): Promise<void> {
  const id = job;
  await until("the job has ended", async () => {
    const { state, approval, planHash, total } = await getJob(web1, web1.root, id);
    const plan = { id, planHash: planHash ?? "" };
    if (state === "ready" && approval === "waiting") await approvePlan(web1, web1.root, plan);
    else if (state === "ready") await applyPlan(web1, web1.root, { ...plan, marked: "confirm" });
    if (state !== "done") return [state];
    expect(total).toBeGreaterThan(0);
    const steps = await web1.db.client.syncItem.findMany({
      where: { jobId: id },
      select: { state: true, message: true },
    });
    const isUnderWay = steps.some((step) => step.state === "sent");
    if (!isUnderWay) expect(steps.filter((step) => step.state !== "done")).toEqual([]);
    return isUnderWay ? ["a step is under way"] : [];
  });
}

/** A zone is sent again to the nameserver of web1. What is taken in and handed on may be at its next server before anybody looks what became of it; this is not. */
const localRepair: Kill = {
  async lead(fleet) {
    const { web1 } = fleet;
    const zone = zoneOf(fleet);
    const { id: zoneId } = await web1.db.client.zone.findUniqueOrThrow({ where: { name: `${zone}.` } });
    const { id: targetId } = await web1.db.client.target.findFirstOrThrow({ where: { memberId: null } });
    const problem = { problem: "content", problemSince: BigInt(Date.now()) };
    await web1.db.client.zoneTarget.updateMany({ where: { zoneId, targetId }, data: problem });
    job = (await startRepair(web1, web1.root, repairRequest.parse({ zone, memberId: LOCAL }))).id;
    await untilDone(fleet);
  },
  after: untilDone,
};

/** A zone that nobody owns is at ns1. */
async function addStray({ cluster, web1, memberIds }: Fleet): Promise<void> {
  const zone = `${fresh("stray")}.`;
  const ns1 = await openContext(cluster.variables("ns1"));
  await createZone(ns1, ns1.root, { name: zone, text: STRAY });
  const { serial, digest } = await ns1.db.client.zone.findUniqueOrThrow({ where: { name: zone } });
  await ns1.close();
  const found = { memberId: memberIds.ns1, zone, side: "there", kind: "unknown", serial, digest, records: 2 };
  stray = (await web1.db.client.orphan.create({ data: { ...found, firstSeenAt: 0n, lastSeenAt: 0n } })).id;
}

/** web1 asks ns1 for all its zones when it starts. */
const orphans: Kill = {
  isAtStart: true,
  before: addStray,
  async lead({ web1, memberIds }) {
    const { client } = web1.db;
    await client.orphan.updateMany({ where: { id: stray }, data: { records: null } });
    await client.member.updateMany({ where: { id: memberIds.ns1 }, data: { orphansAt: null } });
  },
};

const DAYS_AGO = BigInt(Date.now() - 400 * 24 * 60 * 60_000);

/** Something old of each kind is there to be dropped. */
const housekeeping: Kill = {
  isAtStart: true,
  async lead({ web1 }) {
    const { client } = web1.db;
    await client.zone.updateMany({ where: { deletedAt: { not: null } }, data: { deletedAt: DAYS_AGO } });
    await client.revision.updateMany({ data: { createdAt: DAYS_AGO } });
    await client.notice.updateMany({ where: { endedAt: { not: null } }, data: { raisedAt: DAYS_AGO } });
  },
};

/** The server of a zone that nobody owns is asked to remove it. */
const removal: Kill = {
  before: addStray,
  async lead(fleet) {
    job = (await removeOrphans(fleet.web1, fleet.web1.root, { ids: [stray] })).id;
    await untilDone(fleet);
  },
  after: untilDone,
};

let portTaker: Server | undefined;

/** Somebody else has the nameserver's port, for longer than a restart takes: half a minute, of which this clock makes two seconds. */
const silence: Kill = {
  isAtStart: true,
  nodeFlags: [otherClock("began + 15 * (real - began)")],
  async lead({ cluster: { web1 } }) {
    await until("the nameserver has ended", async () =>
      findStaleKnot(knotDirectory(web1.process.dataDir)) ? ["it runs"] : [],
    );
    portTaker = createServer().listen(web1.dns.port, web1.dns.address);
    await once(portTaker, "listening");
  },
  async after() {
    await new Promise((resolve) => portTaker?.close(resolve));
  },
};

/** A server comes to every step of `lib/fault-points` on its way through these. */
export const KILLS: Readonly<Record<FaultStep, Kill>> = {
  "first-sending": { lead: (fleet) => fleet.addZone(fresh("added")) },
  record: { lead: edit },
  verified: { lead: edit },
  "record-failure": { lead: failingEdit, after: ({ link }) => link.set(null) },
  reopen: {
    // As when an account gets a cluster of its own, or gives it up.
    lead: ({ web1, memberIds }) =>
      web1.db.client.target.updateMany({ where: { memberId: memberIds.ns1 }, data: { reach: "another" } }),
  },
  "begin-compare": { lead: compare },
  matches: { lead: compare },
  "end-compare": { lead: compare },
  "ask-compare": {
    async before(fleet) {
      await failingEdit(fleet);
      await until("it failed", async () => ((await member(fleet)).failures > 0 ? [] : ["it did not"]));
      const { client } = fleet.web1.db;
      const { ns1: memberId } = fleet.memberIds;
      const data = { firstFailureAt: BigInt(Date.now() - 2 * LONG_AWAY_MS) };
      await client.member.updateMany({ where: { id: memberId }, data });
      await client.target.updateMany({ where: { memberId }, data: { retryAt: BigInt(Date.now() + LONG_AWAY_MS) } });
    },
    async lead({ web1, link }) {
      await link.set(null);
      await endPauses(web1);
    },
  },
  "local-target": { isAtStart: true, lead: async () => undefined },
  "nameserver-lost": {
    isAtStart: true,
    async lead({ web1 }) {
      const folder = path.join(web1.env.dataDir, "nameserver");
      // It ends with its panel, but not at once.
      await until("the nameserver has ended", async () =>
        findStaleKnot(knotDirectory(web1.env.dataDir)) ? ["it runs"] : [],
      );
      rmSync(folder, { recursive: true });
    },
  },
  "proof.slice": {
    lead: ({ web1, memberIds }) =>
      web1.db.client.target.updateMany({
        where: { memberId: memberIds.ns2 },
        data: { sweepZoneId: 0, sweepBeganAt: null, isSweepHurried: true },
      }),
  },
  "proof.content": {
    async lead({ web1, memberIds }) {
      const { client } = web1.db;
      const { id: targetId } = await client.target.findUniqueOrThrow({ where: { memberId: memberIds.ns2 } });
      const { zoneId } = await client.zoneTarget.findFirstOrThrow({ where: { targetId, ackSeq: { gt: 0n } } });
      const pair = { zoneId, targetId };
      await client.contentCheck.upsert({
        where: { zoneId_targetId: pair },
        create: { ...pair, dueAt: 0n },
        update: { dueAt: 0n },
      });
    },
  },
  "proof.unreachable": silence,
  "zone.commit": { lead: edit },
  "zone.receive": { victim: "ns1", lead: edit },
  // A copy that is newer at ns1 is taken in by web1.
  "zone.pull": {
    async before(fleet) {
      const zone = zoneOf(fleet);
      await settle(fleet);
      await fleet.edit(zone, fleet.cluster.ns1);
    },
    lead: compare,
  },
  "zone.remove": {
    victim: "ns1",
    async before(fleet) {
      removed = fresh("removed");
      await fleet.addZone(removed);
      await settle(fleet);
    },
    lead: (fleet) => fleet.removeZone(removed),
  },
  "member.failure": {
    isEpisode: true,
    async before({ web1 }) {
      await setThreshold(web1, 1);
    },
    lead: failingEdit,
    async after(fleet) {
      await isDisabled(fleet);
      await fleet.link.set(null);
      await enableMember(fleet.web1, fleet.web1.root, { id: fleet.memberIds.ns1 });
      await isBack(fleet);
    },
  },
  "member.half-open": { isEpisode: true, before: (fleet) => disable(fleet, true), lead: answerAgain, after: isBack },
  "member.back": { isEpisode: true, before: (fleet) => disable(fleet, true), lead: answerAgain, after: isBack },
  "member.resume": {
    async before({ web1, memberIds }) {
      await pauseMembers(web1, web1.root, { ids: [memberIds.ns1], minutes: 60 });
    },
    async lead(fleet) {
      await edit(fleet);
      const { web1, memberIds } = fleet;
      const id = memberIds.ns1;
      await web1.db.client.member.updateMany({ where: { id }, data: { pausedUntil: BigInt(Date.now()) } });
    },
  },
  "notice.bundle": message(() => 1),
  "notice.try": message(() => 1),
  // Handed over and not written down: it is sent again.
  "notice.result": message((when) => (when === "before" ? 2 : 1)),
  "notice.postpone": {
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
  },
  "sync.items": synchronization,
  "sync.ready": synchronization,
  "sync.ask": synchronization,
  "sync.change-set": synchronization,
  "sync.results": synchronization,
  "sync.settle": localRepair,
  "sync.local": localRepair,
  "sync.remove": removal,
  "orphans.account": orphans,
  "orphans.found": orphans,
  "orphans.details": orphans,
  index: { lead: edit },
  "retention.bin": housekeeping,
  "retention.revisions": housekeeping,
  "retention.notices": housekeeping,
  "retention.change-sets": housekeeping,
  "retention.writers": {
    isAtStart: true,
    async lead({ web1 }) {
      const data = Array.from({ length: 101 }, () => fresh("writer")).map((name) => ({ key: `server:${name}`, name }));
      await web1.db.client.writer.createMany({ data });
    },
  },
};
