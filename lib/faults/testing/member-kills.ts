import { expect } from "vitest";
import { credentialPurpose } from "@/lib/members/credential";
import { says } from "./faulty-relay";
import { type Kill, memberOf } from "./kill";
import { until } from "./settled";

/** Kills while members are asked what they are, what they hold and whom they know. All of them are asked when a server starts. */

/** ns1 answers, after a long time. */
export const answer: Kill = {
  isAtStart: true,
  async lead({ web1, memberIds }) {
    const data = { lastAnswerAt: 0n, version: "" };
    await web1.db.client.member.update({ where: { id: memberIds.ns1 }, data });
  },
  async after(fleet) {
    await until("ns1 has answered", async () => {
      const { lastAnswerAt, version } = await memberOf(fleet);
      return lastAnswerAt && version !== "" ? [] : ["it has not"];
    });
  },
};

/** ns1 asks to wait, which is no failure that counts. */
export const tooBusy: Kill = {
  isAtStart: true,
  async lead(fleet) {
    const { web1, memberIds, relay } = fleet;
    relay.set(() => says(429, ""), /./);
    await web1.db.client.member.update({ where: { id: memberIds.ns1 }, data: { lastErrorKind: null } });
  },
  async after(fleet) {
    await until("it is told", async () => {
      const { lastErrorKind } = await memberOf(fleet);
      return lastErrorKind === "rate-limited" ? [] : [`${lastErrorKind}`];
    });
    fleet.relay.set(null);
    expect((await memberOf(fleet)).failures).toBe(0);
  },
};

const SERVICE = "localhost";

/** A hosted service has moved behind its name. */
export const moved: Kill = {
  isAtStart: true,
  async lead({ web1 }) {
    const before = { address: "127.0.0.9" };
    const { count } = await web1.db.client.member.updateMany({ where: { hostname: SERVICE }, data: before });
    if (count > 0) return;
    const service = { backend: "softlayer", hostname: SERVICE, username: "root", role: "standalone" };
    const data = { ...service, ...before, ownerId: web1.root.userId, sealedCredential: "", createdAt: 0n };
    const { id } = await web1.db.client.member.create({ data });
    const sealedCredential = web1.secrets.seal("token", credentialPurpose(id));
    await web1.db.client.member.update({ where: { id }, data: { sealedCredential } });
  },
  async after({ web1 }) {
    const { member } = web1.db.client;
    await until("it is followed", async () => {
      const { address } = await member.findFirstOrThrow({ where: { hostname: SERVICE } });
      return address === "127.0.0.9" ? [address] : [];
    });
    await member.deleteMany({ where: { hostname: SERVICE } });
  },
};

/** The member was deleted. */
const GONE = 1_000_000;

/** Nothing is known of whom ns1 knows, and something of whom a member knew that is gone. */
export const map: Kill = {
  isAtStart: true,
  async lead({ web1, memberIds }) {
    const { memberPaths } = web1.db.client;
    await memberPaths.deleteMany({ where: { memberId: { in: [memberIds.ns1, GONE] } } });
    await memberPaths.create({ data: { memberId: GONE, askedAt: 0n } });
  },
  async after({ web1, memberIds }) {
    const { memberPaths } = web1.db.client;
    const known = async () =>
      (await memberPaths.findMany()).flatMap(({ memberId, answeredAt }) => (answeredAt ? [memberId] : []));
    await until("both have said whom they know", async () => {
      const ids = await known();
      return [memberIds.ns1, memberIds.ns2].flatMap((id) => (ids.includes(id) ? [] : [`${id} has not`]));
    });
    expect(await memberPaths.count({ where: { memberId: GONE } })).toBe(0);
  },
};

/** ns1 is to be asked for newer zones. */
export const pull: Kill = {
  isAtStart: true,
  async lead({ web1, memberIds }) {
    const data = { lastPullAt: null, pullErrorKind: "timeout" };
    await web1.db.client.member.update({ where: { id: memberIds.ns1 }, data });
  },
  async after(fleet) {
    const { web1, memberIds } = fleet;
    await until("it was asked, and has answered", async () => {
      const { pullErrorKind } = await memberOf(fleet);
      // A round that was cut off is made again a minute after it began.
      const where = { id: memberIds.ns1, pullErrorKind: { not: null } };
      await web1.db.client.member.updateMany({ where, data: { lastPullAt: null } });
      return pullErrorKind === null ? [] : [pullErrorKind];
    });
  },
};
