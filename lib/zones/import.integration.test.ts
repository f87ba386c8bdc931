import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UserActor } from "@/lib/access/actor";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { importZoneFile } from "./import";
import { zoneHistory } from "./queries-history";
import { deleteZone } from "./service";

const zone = (records = "") => `$TTL 1h
@ IN SOA ns1.example.net. hostmaster.example.net. 2030010100 3600 600 604800 300
@ IN NS ns1.example.net.
${records}`;

describe.each(["sqlite", "postgresql"] as const)("importing zone files on %s", (provider) => {
  let ctx: TestContext;
  let reseller: UserActor;
  beforeAll(async () => {
    ctx = await testContext(provider);
    reseller = await ctx.addReseller("reseller");
  });
  afterAll(() => ctx.close());
  const take = (actor: UserActor, fileName: string, text: string, onExisting: "skip" | "replace" = "skip") =>
    importZoneFile(ctx, actor, { fileName, text, onExisting });

  it("adds, skips, replaces and leaves alone", async () => {
    const file = "example.com.db";
    expect(await take(ctx.root, file, zone("www A 192.0.2.1"))).toMatchObject({
      name: "example.com.",
      status: "created",
    });
    expect(await take(ctx.root, file, zone("www A 192.0.2.2"))).toMatchObject({ status: "skipped" });
    expect(await take(ctx.root, file, zone("www A 192.0.2.2"), "replace")).toMatchObject({ status: "replaced" });
    expect(await take(ctx.root, file, zone("www A 192.0.2.2"), "replace")).toMatchObject({ status: "unchanged" });
    const { revisions } = await zoneHistory(ctx, ctx.root, { name: "example.com.", page: 1 });
    expect(revisions.map(({ kind, reason }) => [kind, reason])).toEqual([
      ["import", "Imported example.com.db"],
      ["import", "Imported example.com.db"],
    ]);
  });

  it("tells errors with their lines, and warnings of what it took", async () => {
    const refused = await take(ctx.root, "example.org.db", zone("www A 192.0.2.256"));
    expect(refused).toMatchObject({ status: "refused", problems: [{ severity: "error", line: 4 }] });
    const taken = await take(ctx.root, "example.org.db", zone("www 60 A 192.0.2.1\nwww 30 A 192.0.2.2"));
    expect(taken).toMatchObject({ status: "created", problems: [{ severity: "warning" }] });
  });

  it("refuses what nothing names, and what rests in the recycle bin", async () => {
    expect(await take(ctx.root, "zone.txt", zone())).toMatchObject({ name: null, status: "refused" });
    await deleteZone(ctx, ctx.root, { name: "example.org." });
    expect(await take(ctx.root, "example.org.db", zone(), "replace")).toMatchObject({
      status: "refused",
      message: expect.stringContaining("recycle bin"),
    });
  });

  it("never lets a reseller replace or learn of somebody else's zone", async () => {
    expect(await take(reseller, "example.com.db", zone(), "replace")).toMatchObject({
      status: "refused",
      message: "example.com cannot be added on this server. Ask root.",
    });
    expect(await take(reseller, "example.info.db", zone())).toMatchObject({ status: "created" });
  });
});
