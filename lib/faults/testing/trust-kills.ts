import { expect } from "vitest";
import { randomAlphanumeric } from "@/lib/ids";
import { sha256 } from "@/lib/secrets";
import { type RelayFault, says } from "./faulty-relay";
import type { Fleet } from "./fleet";
import { freshNumber, type Kill, memberOf } from "./kill";
import { until } from "./settled";

/** Kills while a reverse trust is seen to whose setting up was interrupted. */

const ASKED = /^\/(json-api\/cluster_member_has_trust_with|.*trustclustermaster\.cgi)/;

/** The token that ns1 holds; it says whether it works. Its half is played: the real one would have web1 as its member from then on. */
let held = "";

function ns1Stores({ web1 }: Fleet, takes: boolean): RelayFault {
  return async ({ target, body }) => {
    if (target.includes("trustclustermaster")) {
      if (!takes) return says(400, "Error: not today\n");
      held = new URLSearchParams(body.toString()).get("pass") ?? "";
      return says(200, "The trust relationship with web1 has been established.\n");
    }
    const works = await web1.db.client.apiToken.count({ where: { hash: sha256(held) } });
    const data = { has_trust: 1, works, ...(works ? {} : { reason: "Access denied" }) };
    return says(200, JSON.stringify({ data, metadata: { command: "call", reason: "OK", result: 1, version: 1 } }));
  };
}

/** ns1 holds a token that was made for it before the server died, and was never noted as its own. */
function interrupted(takes: boolean, isSettled: (fleet: Fleet) => Promise<void>): Kill {
  return {
    isAtStart: true,
    async lead(fleet) {
      const { web1, memberIds, relay } = fleet;
      const token = randomAlphanumeric(32);
      if (!(await isUnderWay(fleet))) held = token;
      relay.set(ns1Stores(fleet, takes), ASKED);
      const made = { name: `interrupted-${freshNumber()}`, prefix: token.slice(0, 12), hash: sha256(token) };
      const granted = { acls: '["clustering"]', allowedIps: "[]", createdAt: 0n };
      await web1.db.client.apiToken.create({
        data: { ...made, ...granted, userId: web1.root.userId, memberId: memberIds.ns1 },
      });
    },
    async after(fleet) {
      await isSettled(fleet);
      fleet.relay.set(null);
      const { web1, memberIds } = fleet;
      await web1.db.client.apiToken.deleteMany({ where: { memberId: memberIds.ns1 } });
      const data = {
        trustThere: null,
        trustDetail: null,
        trustTokenId: null,
        trustDueAt: BigInt(Date.now() + 3_600_000),
      };
      await web1.db.client.member.update({ where: { id: memberIds.ns1 }, data });
    },
  };
}

/** What the server that died began goes on: its successor sees to it, and to no more. */
async function isUnderWay(fleet: Fleet): Promise<boolean> {
  return (await memberOf(fleet)).trustThere === "interrupted";
}

/** A member that could not be asked, or whose asking was cut off, is asked again after some minutes. */
async function untilHeard(fleet: Fleet): Promise<void> {
  const { web1, memberIds } = fleet;
  await until("ns1 was heard", async () => {
    const where = { id: memberIds.ns1, trustThere: "interrupted" };
    await web1.db.client.member.updateMany({ where, data: { trustDueAt: 0n } });
    return (await isUnderWay(fleet)) ? ["it was not"] : [];
  });
}

const tokensOf = ({ web1, memberIds }: Fleet) =>
  web1.db.client.apiToken.findMany({ where: { memberId: memberIds.ns1 } });

/** It is set up anew: ns1 holds the one token that there is. */
export const finishedTrust = interrupted(true, async (fleet) => {
  await untilHeard(fleet);
  const { trustThere, trustTokenId, trustDetail } = await memberOf(fleet);
  expect(trustThere).toBe("works");
  expect(trustDetail).toContain("was finished when it started again");
  expect(await tokensOf(fleet)).toMatchObject([{ id: trustTokenId, hash: sha256(held) }]);
});

/** ns1 does not take another one: no token is left, and people are told once that its calls fail. */
export const refusedTrust = interrupted(false, async (fleet) => {
  await untilHeard(fleet);
  const { trustThere, trustTokenId } = await memberOf(fleet);
  expect({ trustThere, trustTokenId }).toEqual({ trustThere: "broken", trustTokenId: null });
  expect(await tokensOf(fleet)).toEqual([]);
  const { notice } = fleet.web1.db.client;
  const broken = { event: "trust-broken", memberId: fleet.memberIds.ns1, endedAt: null };
  expect(await notice.count({ where: broken })).toBe(1);
  await notice.updateMany({ where: broken, data: { endedAt: BigInt(Date.now()) } });
});
