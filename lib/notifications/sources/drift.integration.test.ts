import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tellDrift } from "./drift";
import { type ObservedFixture, observedFixture } from "./testing/observed-fixture";

const MINUTE = 60_000;

describe.each(["sqlite", "postgresql"] as const)("drift on %s", (provider) => {
  let fixture: ObservedFixture;
  beforeAll(async () => {
    fixture = await observedFixture(provider, tellDrift);
  });
  afterAll(() => fixture.ctx.close());

  it("is told once a member, after a grace, with the first zones by name, and its end", async () => {
    const { ctx, observe, told, forget, now } = fixture;
    await observe("ns1.example.com", [[3, "lame"]], 1);
    expect(await told()).toEqual([]);
    const many = [3, 4, 5, 6, 7, 8].map((id): [number, string] => [id, id === 4 ? "old-serial" : "content"]);
    await observe("ns1.example.com", many);
    expect(await told()).toEqual(["ns1.example.com: 6 zones served otherwise than acknowledged, goes on"]);
    const { facts } = await ctx.db.client.notice.findFirstOrThrow();
    expect(JSON.parse(facts)).toMatchObject({ zones: 6, since: now() - 3 * MINUTE, lookedAt: now() - 3 * MINUTE });
    expect(JSON.parse(facts).first).toHaveLength(5);
    expect(JSON.parse(facts).first[1]).toEqual({ zone: "z4.example.", cause: "old serial: REFUSED" });
    await observe("ns1.example.com", [[4, "missing"]], 0);
    expect(await told()).toHaveLength(1);
    await observe("ns1.example.com", []);
    expect(await told()).toEqual([
      "ns1.example.com: 6 zones served otherwise than acknowledged",
      "ns1.example.com serves what it acknowledged",
    ]);
    await forget();
  });

  it("not of a silent nameserver, which ends none either", async () => {
    const { observe, told, forget } = fixture;
    await observe("ns1.example.com", [
      [3, "unreachable"],
      [4, "unreachable"],
    ]);
    await observe("local", [[3, "unreachable"]]);
    expect(await told()).toEqual([]);
    await observe("ns1.example.com", [
      [3, "unreachable"],
      [4, "lame"],
    ]);
    const found = "ns1.example.com: 1 zone served otherwise than acknowledged";
    expect(await told()).toEqual([`${found}, goes on`]);
    await observe("ns1.example.com", [
      [3, "unreachable"],
      [4, "unreachable"],
    ]);
    expect(await told()).toEqual([`${found}, goes on`]);
    await observe("ns1.example.com", []);
    expect(await told()).toEqual([found, "ns1.example.com serves what it acknowledged"]);
    await observe("local", [[3, "extra"]]);
    expect((await told()).at(-1)).toBe("This server: 1 zone served otherwise than acknowledged, goes on");
    await observe("local", []);
    await forget();
  });

  it("goes on while the member is out of reach as a whole, or held", async () => {
    const { ctx, observe, told, forget, look } = fixture;
    const set = (data: { failures?: number; disabledAt?: bigint | null }) =>
      ctx.db.client.member.updateMany({ where: { hostname: "ns1.example.com" }, data });
    await observe("ns1.example.com", [[3, "lame"]]);
    await set({ failures: 3 });
    await observe("ns1.example.com", []);
    expect(await told()).toHaveLength(1);
    await set({ failures: 0, disabledAt: 1n });
    await look();
    expect(await told()).toHaveLength(1);
    await set({ disabledAt: null });
    await look();
    expect(await told()).toHaveLength(2);
    await forget();
  });

  it("to a reseller about its own members, and of them its own zones", async () => {
    const { ctx, north, observe, told } = fixture;
    await observe("ns1.example.com", [[1, "lame"]]);
    await observe("ns.north.example", [
      [1, "lame"],
      [3, "extra"],
    ]);
    expect(await told(north)).toEqual(["ns.north.example: 1 zone served otherwise than acknowledged, goes on"]);
    expect(await told()).toContain("ns1.example.com: 1 zone served otherwise than acknowledged, goes on");
    const notice = await ctx.db.client.notice.findFirstOrThrow({ where: { ownerId: north.userId } });
    expect(notice.facts).not.toContain("z3.example");
  });

  it("ends untold where nothing is sent any more", async () => {
    const { ctx, north, look, told } = fixture;
    await ctx.db.client.zoneTarget.deleteMany();
    await ctx.db.client.target.deleteMany({ where: { memberId: { not: null } } });
    await look();
    expect((await told(north)).map((line) => line.includes("goes on"))).toEqual([false]);
  });
});
