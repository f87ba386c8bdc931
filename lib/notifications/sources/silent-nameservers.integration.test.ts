import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NameserverStatus } from "@/lib/nameserver/status";
import { tellOutage } from "@/lib/server/tell-outages";
import { tellDrift } from "./drift";
import { tellSilentNameservers } from "./silent-nameservers";
import { type ObservedFixture, observedFixture } from "./testing/observed-fixture";

const MINUTE = 60_000;
const SILENT = "The nameserver of ns1.example.com does not answer over DNS";
const BACK = "The nameserver of ns1.example.com answers again";

describe.each(["sqlite", "postgresql"] as const)("nameservers that do not answer, on %s", (provider) => {
  let fixture: ObservedFixture;
  beforeAll(async () => {
    fixture = await observedFixture(provider, async (ctx) => {
      await tellDrift(ctx);
      await tellSilentNameservers(ctx);
    });
  });
  afterAll(() => fixture.ctx.close());
  const zones = (...ids: number[]) => ids.map((id): [number, string] => [id, "unreachable"]);

  it("are told once a member, after a grace, with how many zones and since when, and that they answer again", async () => {
    const { ctx, observe, told, forget, now } = fixture;
    await observe("ns1.example.com", zones(3), 1);
    expect(await told()).toEqual([]);
    await observe("ns1.example.com", zones(3, 4, 5));
    expect(await told()).toEqual([`${SILENT}, goes on`]);
    const { facts, memberId, ownerId } = await ctx.db.client.notice.findFirstOrThrow();
    expect(JSON.parse(facts)).toEqual({
      ...{ member: "ns1.example.com", cause: "REFUSED", since: now() - 3 * MINUTE, zones: 3 },
    });
    const member = await ctx.db.client.member.findFirstOrThrow({ where: { hostname: "ns1.example.com" } });
    expect({ memberId, ownerId }).toEqual({ memberId: member.id, ownerId: ctx.root.userId });
    await observe("ns1.example.com", []);
    expect(await told()).toEqual([SILENT, BACK]);
    await observe("ns1.example.com", zones(3));
    expect(await told()).toEqual([SILENT, BACK, `${SILENT}, goes on`]);
    await observe("ns1.example.com", []);
    await forget();
  });

  it("beside what differs there", async () => {
    const { observe, told, forget } = fixture;
    await observe("ns1.example.com", [[3, "lame"]]);
    await observe("ns1.example.com", [[3, "lame"], ...zones(4)]);
    const differs = "ns1.example.com: 1 zone served otherwise than acknowledged";
    expect(await told()).toEqual([`${differs}, goes on`, `${SILENT}, goes on`]);
    await observe("ns1.example.com", [[3, "lame"]]);
    expect(await told()).toEqual([`${differs}, goes on`, SILENT, BACK]);
    await observe("ns1.example.com", []);
    await forget();
  });

  it("unless the member is out of reach as a whole, which has its own notice", async () => {
    const { ctx, observe, told, forget, look } = fixture;
    const set = (data: { failures?: number; disabledAt?: bigint | null }) =>
      ctx.db.client.member.updateMany({ where: { hostname: "ns1.example.com" }, data });
    await set({ failures: 3 });
    await observe("ns1.example.com", zones(3));
    expect(await told()).toEqual([]);
    await set({ failures: 0 });
    await look();
    expect(await told()).toEqual([`${SILENT}, goes on`]);
    // Disabled meanwhile: it is neither back nor told again.
    await set({ disabledAt: 1n });
    await observe("ns1.example.com", []);
    expect(await told()).toHaveLength(1);
    await set({ disabledAt: null });
    await look();
    expect(await told()).toEqual([SILENT, BACK]);
    await forget();
  });

  it("apart from the local one, which is watched where it runs", async () => {
    const { ctx, observe, told, forget, now } = fixture;
    const status: NameserverStatus = {
      ...{ state: "running", reason: null, since: 0, software: "Knot DNS", version: null, pid: null, restarts: 0 },
      listen: [{ address: "192.0.2.1", port: 53 }],
    };
    await observe("local", zones(3));
    expect(await told()).toEqual([]);
    await observe("ns1.example.com", zones(3));
    await tellOutage(ctx, { state: "up", since: now() }, status);
    expect(await told()).toEqual([`${SILENT}, goes on`]);
    await tellOutage(ctx, { state: "down", since: now() }, status);
    await observe("ns1.example.com", []);
    expect(await told()).toEqual([SILENT, "The local nameserver is down, goes on", BACK]);
    await observe("local", []);
    await forget();
  });

  it("to a reseller about its own members, and of them its own zones; untold where nothing is sent any more", async () => {
    const { ctx, north, observe, told, look } = fixture;
    await observe("ns1.example.com", zones(1));
    await observe("ns.north.example", zones(3));
    expect(await told(north)).toEqual([]);
    await observe("ns.north.example", zones(1, 3));
    expect(await told(north)).toEqual(["The nameserver of ns.north.example does not answer over DNS, goes on"]);
    const notice = await ctx.db.client.notice.findFirstOrThrow({ where: { ownerId: north.userId } });
    expect(JSON.parse(notice.facts)).toMatchObject({ zones: 1 });
    await ctx.db.client.zoneTarget.deleteMany();
    await ctx.db.client.target.deleteMany({ where: { memberId: { not: null } } });
    await look();
    expect((await told()).filter((line) => line.includes("goes on"))).toEqual([]);
  });
});
