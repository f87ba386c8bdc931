import { beforeAll, describe, expect, it } from "vitest";
import { issueSession, sessionCookie } from "@/lib/auth/session-token";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { bodyRefusal } from "./body-limit";

const MIB = 1_048_576;
let ctx: TestContext;
let cookie: string;

beforeAll(async () => {
  ctx = await testContext("sqlite");
  const { userId } = await ctx.addReseller("alice");
  cookie = `theme=dark; ${sessionCookie(ctx).name}=${await issueSession(ctx, { userId, epoch: 1 })}`;
  return () => ctx.close();
});

const statusOf = async (url: string, headers: Record<string, string>) =>
  (await bodyRefusal(ctx, { url, headers }))?.status ?? "read";

describe("bodyRefusal", () => {
  it.each([
    ["/sign-in", "1000", "read"],
    ["/sign-in", String(MIB), 413],
    ["/api/auth/callback/credentials", String(900 * MIB), 413],
    ["/json-api/../api/auth/callback/credentials", String(900 * MIB), 413],
    ["/scripts2/%2e%2e/sign-in", String(MIB), 413],
    ["/scripts2/synczones_local", String(60 * MIB), "read"],
    ["/json-api/adddns?api.version=1", String(MIB), "read"],
  ])("lets a stranger send %s %s octets: %s", async (url, length, status) => {
    expect(await statusOf(url, { "content-length": length })).toBe(status);
  });

  it("lets who is signed in send zones, and no more than a zone can be", async () => {
    expect(await statusOf("/zones/add", { "content-length": String(60 * MIB), cookie })).toBe("read");
    expect(await statusOf("/api/zones/export", { "content-length": String(70 * MIB), cookie })).toBe(413);
    const forged = cookie.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
    expect(await statusOf("/zones/add", { "content-length": String(60 * MIB), cookie: `${forged}x` })).toBe(413);
  });

  it("reads no body of unknown length", async () => {
    expect(await statusOf("/zones/add", { "transfer-encoding": "chunked", cookie })).toBe(411);
    expect(await statusOf("/scripts2/synczones_local", { "transfer-encoding": "chunked" })).toBe("read");
  });

  it("takes a suspended user for a stranger", async () => {
    await ctx.db.client.user.updateMany({ where: { username: "alice" }, data: { suspendedAt: 1n } });
    expect(await statusOf("/zones/add", { "content-length": String(MIB), cookie })).toBe(413);
  });
});
