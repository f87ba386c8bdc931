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

const statusOf = async (headers: Record<string, string>) => (await bodyRefusal(ctx, { headers }))?.status ?? "read";

describe("bodyRefusal", () => {
  it.each([
    ["1000", "read"],
    [String(MIB), 413],
    [String(900 * MIB), 413],
  ])("lets a stranger send %s octets: %s", async (length, status) => {
    expect(await statusOf({ "content-length": length })).toBe(status);
  });

  it("lets who is signed in send zones, and no more than a zone can be", async () => {
    expect(await statusOf({ "content-length": String(60 * MIB), cookie })).toBe("read");
    expect(await statusOf({ "content-length": String(70 * MIB), cookie })).toBe(413);
    const forged = cookie.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
    expect(await statusOf({ "content-length": String(60 * MIB), cookie: `${forged}x` })).toBe(413);
  });

  it("reads no body of unknown length", async () => {
    expect(await statusOf({ "transfer-encoding": "chunked", cookie })).toBe(411);
  });

  it("takes a suspended user for a stranger", async () => {
    await ctx.db.client.user.updateMany({ where: { username: "alice" }, data: { suspendedAt: 1n } });
    expect(await statusOf({ "content-length": String(MIB), cookie })).toBe(413);
  });
});
