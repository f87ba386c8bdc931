import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UserActor } from "@/lib/access/actor";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { memberForCaller } from "./caller";

describe("memberForCaller", () => {
  let ctx: TestContext;
  let studio: UserActor;

  beforeAll(async () => {
    ctx = await testContext("sqlite");
    studio = await ctx.addReseller("studio");
    const member = (hostname: string, address: string, serverId: string | null, owner: UserActor = ctx.root) =>
      ctx.db.client.member.create({
        data: {
          ownerId: owner.userId,
          hostname,
          address,
          serverId,
          username: "root",
          backend: "whm",
          role: "sync",
          sealedCredential: "",
          createdAt: 0n,
        },
      });
    await member("ns1.example.com", "192.0.2.1", "ONE");
    await member("ns2.example.com", "192.0.2.2", null);
    await member("ns3.example.com", "192.0.2.3", null);
    await member("ns4.example.com", "192.0.2.3", null);
    await member("ns5.example.com", "192.0.2.5", "FIVE", studio);
  });
  afterAll(() => ctx.close());

  it.each<[string, { serverId?: string; address: string }, "root" | "studio", string | undefined]>([
    ["by its identity", { serverId: "ONE", address: "203.0.113.9" }, "root", "ns1.example.com"],
    ["by its address", { address: "192.0.2.2" }, "root", "ns2.example.com"],
    ["by its mapped address", { address: "::ffff:192.0.2.2" }, "root", "ns2.example.com"],
    ["not by an address that two members share", { address: "192.0.2.3" }, "root", undefined],
    ["not by the address of another identity", { serverId: "TWO", address: "192.0.2.1" }, "root", undefined],
    ["not with another user's token", { serverId: "ONE", address: "192.0.2.1" }, "studio", undefined],
    ["among the members of the token's user", { serverId: "FIVE", address: "::1" }, "studio", "ns5.example.com"],
  ])("finds the member %s", async (_, caller, user, hostname) => {
    const { userId } = user === "root" ? ctx.root : studio;
    expect((await memberForCaller(ctx, { ...caller, userId }))?.hostname).toBe(hostname);
  });
});
