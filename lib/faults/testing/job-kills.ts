import { expect } from "vitest";
import { removeOrphans } from "@/lib/orphans/service";
import { approvePlan, askApproval } from "@/lib/sync-jobs/approval";
import { getJob } from "@/lib/sync-jobs/queries";
import { LOCAL, planRequest, repairRequest } from "@/lib/sync-jobs/schemas";
import { applyPlan, startPlan, startRepair } from "@/lib/sync-jobs/service";
import { createZone } from "@/lib/zones/service";
import type { Fleet } from "./fleet";
import { createAtNs1, DAYS_AGO, fresh, type Kill, ZONE_TEXT, zoneOf } from "./kill";
import { settle, until } from "./settled";

/** Kills on the way of a synchronization, and of zones that nobody owns. */

let job = 0;

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

/** A job that goes on from kill to kill: only the first of them begins it. Somebody agrees to its plan whenever that is ready. */
function jobAtStart(begin: (fleet: Fleet) => Promise<number>, more: Partial<Kill> = {}): Kill {
  let isBegun = false;
  return {
    isAtStart: true,
    async lead(fleet) {
      if (!isBegun) job = await begin(fleet);
      isBegun = true;
      untilDone(fleet).catch(() => undefined);
    },
    after: untilDone,
    ...more,
  };
}

let copied = "";

/** A zone that only ns1 has is taken to web1 and sent to ns2. */
export const synchronization = jobAtStart(
  async ({ web1 }) => {
    const request = planRequest.parse({ choice: "one-everywhere", zone: copied });
    return (await startPlan(web1, web1.root, request)).id;
  },
  {
    async before(fleet) {
      copied = fresh("sync");
      await createAtNs1(fleet, copied);
    },
    async after(fleet) {
      await untilDone(fleet);
      const { changeSetId } = await fleet.web1.db.client.syncJob.findUniqueOrThrow({ where: { id: job } });
      const revisions = await fleet.web1.db.client.revision.findMany({ where: { changeSetId: changeSetId ?? 0 } });
      expect(revisions).toHaveLength(1);
      fleet.accept(copied);
    },
  },
);

/** A zone is sent again to the nameserver of web1. What is taken in and handed on may be at its next server before anybody looks what became of it; this is not. */
export const localRepair: Kill = {
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

const NOWHERE = { choice: "all-here", actorName: "root", createdAt: 0n } as const;

let failed = 0;

/** A plan that cannot be made. */
export const failedPlan: Kill = {
  isAtStart: true,
  async lead({ web1 }) {
    failed = (await web1.db.client.syncJob.create({ data: { ...NOWHERE, request: "[]", state: "planning" } })).id;
  },
  async after({ web1 }) {
    await until("no plan is being made", async () =>
      (await web1.db.client.syncJob.count({ where: { state: "planning" } })) > 0 ? ["one is"] : [],
    );
    const { state, error } = await web1.db.client.syncJob.findUniqueOrThrow({ where: { id: failed } });
    expect({ state, error }).toMatchObject({ state: "failed", error: expect.stringContaining("Something went wrong") });
  },
};

let expired = 0;

/** A plan waited for somebody's word for longer than a plan may. */
export const expiry: Kill = {
  isAtStart: true,
  async lead({ web1 }) {
    expired = await web1.db.transaction(async (tx) => {
      const data = { ...NOWHERE, state: "ready", plannedAt: DAYS_AGO };
      const made = await tx.syncJob.create({ data });
      const item = { zone: "gone.example.", memberId: LOCAL, action: "send", kind: "remove", hereSeq: 0n, records: 1 };
      await tx.syncItem.create({ data: { ...item, jobId: made.id, state: "planned", marks: '["large-change"]' } });
      await askApproval(tx, web1, made);
      return made.id;
    });
  },
  async after({ web1: { db } }) {
    await until("no plan waits", async () =>
      (await db.client.syncJob.count({ where: { approval: "waiting" } })) > 0 ? ["one does"] : [],
    );
    expect(await db.client.syncJob.findUnique({ where: { id: expired } })).toMatchObject({
      ...{ state: "cancelled", approval: "expired" },
    });
    expect(await db.client.syncItem.findMany({ where: { jobId: expired } })).toMatchObject([{ state: "cancelled" }]);
    const notices = await db.client.notice.findMany({ where: { episode: `plan:${expired}` }, orderBy: { id: "asc" } });
    expect(notices.map(({ event }) => event)).toEqual(["sync-approval", "sync-approval-over"]);
  },
};

let stray = 0;

/** A zone that nobody owns is at ns1. */
async function addStray(fleet: Fleet): Promise<void> {
  const zone = fresh("stray");
  const { serial, digest } = await createAtNs1(fleet, zone);
  const found = { memberId: fleet.memberIds.ns1, zone: `${zone}.`, side: "there", kind: "unknown" };
  const data = { ...found, serial, digest, records: 2, firstSeenAt: 0n, lastSeenAt: 0n };
  stray = (await fleet.web1.db.client.orphan.create({ data })).id;
}

/** web1 asks ns1 for all its zones when it starts, and one of those that nobody owns is not there any more. */
export const orphans: Kill = {
  isAtStart: true,
  before: addStray,
  async lead({ web1, memberIds }) {
    const { client } = web1.db;
    await client.orphan.updateMany({ where: { id: stray }, data: { records: null } });
    const lost = { memberId: memberIds.ns1, zone: `${fresh("lost")}.`, side: "there", kind: "unknown" };
    await client.orphan.create({ data: { ...lost, firstSeenAt: 0n, lastSeenAt: 0n } });
    await client.member.updateMany({ where: { id: memberIds.ns1 }, data: { orphansAt: null } });
  },
  async after({ web1 }) {
    const { client } = web1.db;
    expect(await client.orphan.findUnique({ where: { id: stray } })).toMatchObject({ records: 2 });
    expect(await client.orphan.count({ where: { zone: { startsWith: "lost" } } })).toBe(0);
  },
};

/** The server of a zone that nobody owns is asked to remove it. */
export const removal: Kill = {
  before: addStray,
  async lead(fleet) {
    job = (await removeOrphans(fleet.web1, fleet.web1.root, { ids: [stray] })).id;
    await untilDone(fleet);
  },
  after: untilDone,
};

let orphaned = "";

/** A zone goes into the recycle bin that came from ns1, which has lost it. */
export const removalHere = jobAtStart(async ({ web1 }) => (await removeOrphans(web1, web1.root, { ids: [stray] })).id, {
  async before(fleet) {
    const { web1, cluster, memberIds } = fleet;
    orphaned = fresh("orphaned");
    await createZone(web1, web1.root, { name: `${orphaned}.`, text: ZONE_TEXT });
    await settle(fleet);
    await fleet.call(cluster.ns1, "killdns", { domain: orphaned });
    const [memberId, zone] = [memberIds.ns1, `${orphaned}.`];
    await web1.db.client.zone.update({ where: { name: zone }, data: { originMemberId: memberId } });
    const found = { memberId, zone, side: "here", kind: "source-gone", firstSeenAt: 0n, lastSeenAt: 0n };
    stray = (await web1.db.client.orphan.create({ data: found })).id;
  },
  async after(fleet) {
    await untilDone(fleet);
    const { client } = fleet.web1.db;
    expect(await client.orphan.findUnique({ where: { id: stray } })).toBeNull();
    const { id, deletedAt } = await client.zone.findUniqueOrThrow({ where: { name: `${orphaned}.` } });
    expect(deletedAt).not.toBeNull();
    expect(await client.revision.count({ where: { zoneId: id, kind: "delete" } })).toBe(1);
  },
});
