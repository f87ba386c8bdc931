import { rmSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { requestResync } from "@/lib/cluster/resync";
import type { FaultStep } from "@/lib/fault-points";
import { enableMember } from "@/lib/members/enable-member";
import { pauseMembers } from "@/lib/members/pause-members";
import { LONG_AWAY_MS } from "@/lib/members/ready-target";
import { findStaleKnot, knotDirectory } from "@/lib/nameserver/knot-directory";
import { changeSet, overwritten } from "./change-kills";
import { type Fleet, setThreshold } from "./fleet";
import { expiry, failedPlan, localRepair, orphans, removal, removalHere, synchronization } from "./job-kills";
import { DAYS_AGO, edit, fresh, type Kill, memberOf, together, zoneOf } from "./kill";
import { answer, map, moved, pull, tooBusy } from "./member-kills";
import { drift, expiring, message, postponed, unsent } from "./notice-kills";
import { otherClock } from "./other-clock";
import { content, silence, sweep } from "./proof-kills";
import { endPauses, settle, until } from "./settled";
import { finishedTrust, refusedTrust } from "./trust-kills";

const compare = async (fleet: Fleet) => requestResync(fleet.web1, fleet.web1.root, { memberId: fleet.memberIds.ns1 });

/** An edit that fails at ns1. */
async function failingEdit(fleet: Fleet): Promise<void> {
  await fleet.link.set({ kind: "refuse" });
  await edit(fleet);
}

async function isDisabled(fleet: Fleet): Promise<void> {
  await until("ns1 is disabled", async () => {
    const { disabledAt, failures } = await memberOf(fleet);
    if (disabledAt === null) await endPauses(fleet.web1);
    return disabledAt === null ? [`${failures} failures`] : [];
  });
}

async function disable(fleet: Fleet, autoEnable: boolean): Promise<void> {
  await setThreshold(fleet.web1, 1, autoEnable);
  await failingEdit(fleet);
  await isDisabled(fleet);
  await spareOthers(fleet, autoEnable);
}

/** Others are late at times on a busy machine, and one failure disabled them as well. */
const spareOthers = ({ web1 }: Fleet, autoEnable = false) => setThreshold(web1, 0, autoEnable);

/** Its network is back, and the time has come to ask whether it answers. */
async function answerAgain({ link, web1 }: Fleet): Promise<void> {
  await link.set(null);
  await web1.db.client.member.updateMany({ where: { disabledAt: { not: null } }, data: { probeAt: 0n } });
}

async function isBack(fleet: Fleet): Promise<void> {
  await until("ns1 is back", async () => {
    const { disabledAt, recoveringAt } = await memberOf(fleet);
    return disabledAt === null && recoveringAt === null ? [] : ["it is not back yet"];
  });
  await setThreshold(fleet.web1, 0);
}

/** The leases are those of the server that runs. */
async function untilLeased({ web1 }: Fleet): Promise<void> {
  await until("no lease of a dead server is left", async () => {
    const leases = await web1.db.client.lease.findMany();
    return new Set(leases.map(({ owner }) => owner)).size === 1
      ? []
      : leases.map(({ name, owner }) => `${name} ${owner}`);
  });
}

const start: Kill = { isAtStart: true, lead: async () => undefined, after: untilLeased };
const starting = together(start, sweep, content, pull);
const startingBeside = together(answer, moved, map, expiring, failedPlan, expiry);
let removed = "";
const OLD = "housekeeping";

/** Something old of each kind is there to be dropped. */
const old: Kill = {
  isAtStart: true,
  async lead({ web1 }) {
    const { client } = web1.db;
    await client.zone.updateMany({
      where: { deletedAt: { not: null } },
      data: { deletedAt: DAYS_AGO, purgedAt: null },
    });
    await client.revision.updateMany({ data: { createdAt: DAYS_AGO } });
    await client.notice.updateMany({ where: { endedAt: { not: null } }, data: { raisedAt: DAYS_AGO } });
    const set = { kind: "replace", state: "ready", actorName: OLD, createdAt: DAYS_AGO };
    await client.changeSet.create({ data: set });
    const ended = { event: "drift-found", episode: fresh(OLD), facts: "{}", raisedAt: DAYS_AGO, endedAt: DAYS_AGO };
    await client.notice.create({ data: ended });
    await client.seenCommand.create({ data: { id: fresh(OLD), at: DAYS_AGO } });
    await client.signInFailure.create({ data: { key: OLD, at: DAYS_AGO } });
  },
  async after({ web1 }) {
    await until("nothing old is left", async () => {
      const { client } = web1.db;
      const left = {
        zones: await client.zone.count({ where: { deletedAt: DAYS_AGO, purgedAt: null } }),
        notices: await client.notice.count({ where: { raisedAt: DAYS_AGO } }),
        sets: await client.changeSet.count({ where: { actorName: OLD } }),
        commands: await client.seenCommand.count({ where: { at: DAYS_AGO } }),
        failures: await client.signInFailure.count({ where: { key: OLD } }),
      };
      return Object.entries(left).flatMap(([what, count]) => (count > 0 ? [`${count} ${what}`] : []));
    });
  },
};

/** More servers than are usual have written here, and nothing is left of them. */
const writers: Kill = {
  isAtStart: true,
  async lead({ web1 }) {
    const data = Array.from({ length: 101 }, () => fresh("writer")).map((name) => ({ key: `server:${name}`, name }));
    await web1.db.client.writer.createMany({ data });
  },
  async after({ web1 }) {
    await until("they are gone", async () => {
      const left = await web1.db.client.writer.count({ where: { name: { startsWith: "writer" } } });
      return left > 0 ? [`${left} writers`] : [];
    });
  },
};

const housekeeping = together(old, writers);

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
      await until("it failed", async () => ((await memberOf(fleet)).failures > 0 ? [] : ["it did not"]));
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
  "local-target": starting,
  "nameserver-runs": starting,
  "lease.drop": starting,
  "lease.take": starting,
  // Ten seconds after it was taken, of which this clock makes less than one.
  "lease.renew": { ...start, nodeFlags: [otherClock("began + 15 * (real - began)")] },
  "lease.release": {
    async lead({ cluster }) {
      process.kill(cluster.web1.process.pid, "SIGTERM");
    },
    after: untilLeased,
  },
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
  "proof.round": starting,
  "proof.addresses": starting,
  "proof.slice": starting,
  "proof.unreachable": silence,
  "proof.content-round": starting,
  "proof.content": starting,
  "proof.put-off": starting,
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
  "pull.begin": starting,
  "pull.end": starting,
  "conflict.overwritten": overwritten,
  "changes.plan": changeSet,
  "changes.slice": changeSet,
  "changes.end": changeSet,
  "member.failure": {
    isEpisode: true,
    async before({ web1 }) {
      await setThreshold(web1, 1);
    },
    lead: failingEdit,
    async after(fleet) {
      await isDisabled(fleet);
      await spareOthers(fleet);
      await fleet.link.set(null);
      await enableMember(fleet.web1, fleet.web1.root, { id: fleet.memberIds.ns1 });
      await isBack(fleet);
    },
  },
  "member.half-open": { isEpisode: true, before: (fleet) => disable(fleet, true), lead: answerAgain, after: isBack },
  "member.back": { isEpisode: true, before: (fleet) => disable(fleet, true), lead: answerAgain, after: isBack },
  "member.vain": {
    isAtStart: true,
    isEpisode: true,
    before: (fleet) => disable(fleet, true),
    lead: ({ web1, memberIds }) =>
      web1.db.client.member.update({ where: { id: memberIds.ns1 }, data: { probeAt: 0n, probes: 0 } }),
    async after(fleet) {
      await until("it was asked in vain", async () => {
        const { probes, disabledAt } = await memberOf(fleet);
        expect(disabledAt).not.toBeNull();
        return probes > 0 ? [] : ["it was not"];
      });
      await answerAgain(fleet);
      await isBack(fleet);
    },
  },
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
  "notice.postpone": postponed,
  "notice.keep": unsent,
  "notice.tokens": startingBeside,
  "notice.certificate": startingBeside,
  "notice.observed": drift,
  "notice.left": drift,
  "member.answer": startingBeside,
  "member.error": tooBusy,
  "member.moved": startingBeside,
  "map.forget": startingBeside,
  "map.answer": startingBeside,
  "sync.drop": synchronization,
  "sync.items": synchronization,
  "sync.ready": synchronization,
  "sync.ask": synchronization,
  "sync.change-set": synchronization,
  "sync.results": synchronization,
  "sync.end": synchronization,
  "sync.settle": localRepair,
  "sync.local": localRepair,
  "sync.remove": removal,
  "sync.failed": startingBeside,
  "sync.expire": startingBeside,
  "orphans.account": orphans,
  "orphans.found": orphans,
  "orphans.gone": orphans,
  "orphans.details": orphans,
  "orphans.removed": removalHere,
  "trust.take-back": finishedTrust,
  "trust.ask": finishedTrust,
  "trust.heard": finishedTrust,
  "token.create": finishedTrust,
  "trust.complete": finishedTrust,
  "trust.revoke": refusedTrust,
  "trust.unfinished": refusedTrust,
  index: { lead: edit },
  "retention.single": housekeeping,
  "retention.bin": housekeeping,
  "retention.revisions": housekeeping,
  "retention.notices": housekeeping,
  "retention.change-sets": housekeeping,
  "retention.writers": housekeeping,
};
