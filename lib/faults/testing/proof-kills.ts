import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { expect } from "vitest";
import { findStaleKnot, knotDirectory } from "@/lib/nameserver/knot-directory";
import type { Fleet } from "./fleet";
import { DAYS_AGO, type Kill } from "./kill";
import { otherClock } from "./other-clock";
import { until } from "./settled";

/** Kills while it is looked up what nameservers serve. */

const targetOf = ({ web1, memberIds }: Fleet) =>
  web1.db.client.target.findUniqueOrThrow({ where: { memberId: memberIds.ns2 } });

let ledAt = 0n;

/** Somebody wants all zones of ns2 looked up at once. */
export const sweep: Kill = {
  isAtStart: true,
  async lead({ web1, memberIds }) {
    ledAt = BigInt(Date.now());
    const { client } = web1.db;
    const anew = { sweepZoneId: 0, sweepBeganAt: null, isSweepHurried: true };
    const { id } = await client.target.update({ where: { memberId: memberIds.ns2 }, data: anew });
    await client.targetAddress.deleteMany({ where: { targetId: id } });
  },
  async after(fleet) {
    await until("the round has ended", async () => {
      const { sweepEndedAt, isSweepHurried } = await targetOf(fleet);
      return (sweepEndedAt ?? 0n) >= ledAt && !isSweepHurried ? [] : ["it goes on"];
    });
    const { id: targetId } = await targetOf(fleet);
    const addresses = await fleet.web1.db.client.targetAddress.findMany({ where: { targetId } });
    expect(addresses).toMatchObject([{ udpState: "answers", tcpState: "answers" }]);
  },
};

let compared = { zoneId: 0, targetId: 0 };
/** There is no such zone: nothing can be compared. */
const NO_ZONE = 1_000_000;

/** The content of all zones of ns2 is to be compared, and that of one of them, and of one that is gone, at once. */
export const content: Kill = {
  isAtStart: true,
  async lead(fleet) {
    ledAt = BigInt(Date.now());
    const { client } = fleet.web1.db;
    const { id: targetId } = await targetOf(fleet);
    const round = { contentZoneId: 0, contentBeganAt: DAYS_AGO, contentEndedAt: DAYS_AGO + 1n };
    await client.target.update({ where: { id: targetId }, data: round });
    const { zoneId } = await client.zoneTarget.findFirstOrThrow({ where: { targetId, ackSeq: { gt: 0n } } });
    compared = { zoneId, targetId };
    for (const id of [zoneId, NO_ZONE]) {
      const pair = { zoneId: id, targetId };
      const create = { ...pair, dueAt: 0n };
      await client.contentCheck.upsert({ where: { zoneId_targetId: pair }, create, update: { dueAt: 0n } });
    }
    await client.zoneTarget.updateMany({ where: compared, data: { contentState: null, contentAt: null } });
  },
  async after(fleet) {
    const { client } = fleet.web1.db;
    await until("nothing waits for its comparison", async () =>
      (await client.contentCheck.count({ where: { dueAt: 0n } })) > 0 ? ["something does"] : [],
    );
    expect(await client.contentCheck.count({ where: { zoneId: NO_ZONE } })).toBe(0);
    const row = await client.zoneTarget.findUniqueOrThrow({ where: { zoneId_targetId: compared } });
    expect(row.contentState).toBe("same");
    expect((await targetOf(fleet)).contentBeganAt).toBeGreaterThanOrEqual(ledAt);
  },
};

let portTaker: Server | undefined;

/** Somebody else has the nameserver's port, for longer than a restart takes: half a minute, of which this clock makes two seconds. */
export const silence: Kill = {
  isAtStart: true,
  nodeFlags: [otherClock("began + 15 * (real - began)")],
  async lead({ cluster: { web1 } }) {
    if (portTaker?.listening) return;
    await until("the nameserver has ended", async () =>
      findStaleKnot(knotDirectory(web1.process.dataDir)) ? ["it runs"] : [],
    );
    portTaker = createServer().listen(web1.dns.port, web1.dns.address);
    await once(portTaker, "listening");
  },
  async after({ web1 }) {
    const { id: targetId } = await web1.db.client.target.findFirstOrThrow({ where: { memberId: null } });
    try {
      await until("zones are said not to be answered for", async () =>
        (await web1.db.client.zoneTarget.count({ where: { targetId, problem: "unreachable" } })) > 0 ? [] : ["none is"],
      );
    } finally {
      await new Promise((resolve) => portTaker?.close(resolve));
    }
  },
};
