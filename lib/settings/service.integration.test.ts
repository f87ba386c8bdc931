import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditQuery, listAudit } from "@/lib/audit/queries";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { AppError } from "@/lib/errors";
import {
  getSettings,
  nameserverInput,
  proofInput,
  serverInput,
  setNameserver,
  setProof,
  setServer,
  setZoneDefaults,
  zonesInput,
} from "./service";

describe.each(["sqlite", "postgresql"] as const)("settings on %s", (provider) => {
  let ctx: TestContext;
  beforeAll(async () => {
    ctx = await testContext(provider);
  });
  afterAll(() => ctx.close());

  it("are stored in the form that the rest of the server reads", async () => {
    const typed = { hostname: " NS1.Example.COM ", addresses: "192.0.2.1\n2001:DB8::1", kind: "dns-only" };
    await setServer(ctx, ctx.root, serverInput.parse(typed));
    await setNameserver(ctx, ctx.root, nameserverInput.parse({ listen: "192.0.2.1@5353 2001:db8::1" }));
    await setZoneDefaults(
      ctx,
      ctx.root,
      zonesInput.parse({
        nameservers: "ns1.example.com, bücher.example",
        contact: "",
        defaultTtl: "300",
        recycleBinDays: "7",
      }),
    );
    await setProof(ctx, ctx.root, proofInput.parse({ sweepMinutes: "0", contentHours: " 6 " }));
    const { server, nameserver, zones, proof } = await getSettings(ctx, ctx.root);
    expect(server).toMatchObject({
      hostname: "ns1.example.com",
      addresses: ["192.0.2.1", "2001:db8::1"],
      kind: "dns-only",
    });
    expect(nameserver.listen).toEqual([
      { address: "192.0.2.1", port: 5353 },
      { address: "2001:db8::1", port: 53 },
    ]);
    expect(proof).toEqual({ sweepMinutes: 0, contentHours: 6 });
    expect(zones).toEqual({
      nameservers: ["ns1.example.com.", "xn--bcher-kva.example."],
      contact: "",
      defaultTtl: 300,
      recycleBinDays: 7,
    });
  });

  it.each([
    [nameserverInput, { listen: "192.0.2.1@0" }],
    [nameserverInput, { listen: "192.0.2.1@99999" }],
    [nameserverInput, { listen: "ns1.example.com@53" }],
    [zonesInput, { nameservers: "", contact: "", defaultTtl: "", recycleBinDays: "7" }],
    [zonesInput, { nameservers: "", contact: "", defaultTtl: "1h", recycleBinDays: "7" }],
    [zonesInput, { nameservers: "", contact: "", defaultTtl: "2147483648", recycleBinDays: "7" }],
    [zonesInput, { nameservers: "", contact: "someone", defaultTtl: "1", recycleBinDays: "7" }],
    [zonesInput, { nameservers: "", contact: "", defaultTtl: "1", recycleBinDays: "0" }],
    [proofInput, { sweepMinutes: "", contentHours: "24" }],
    [proofInput, { sweepMinutes: "15", contentHours: "-1" }],
  ])("refuse what does not fit (%#)", (schema, typed) => {
    expect(schema.safeParse(typed).success).toBe(false);
  });

  it("are root's alone, and so is the audit log, which tells every change", async () => {
    const studio = await ctx.addReseller("studio");
    for (const work of [getSettings(ctx, studio), listAudit(ctx, studio, auditQuery.parse({}))])
      await expect(work).rejects.toSatisfy((error) => error instanceof AppError && error.code === "forbidden");
    const { rows, total } = await listAudit(ctx, ctx.root, auditQuery.parse({ q: "settings", page: "nonsense" }));
    expect(total).toBe(4);
    expect(rows[1]).toMatchObject({ actorName: "root", action: "settings.zones", subject: "zones", address: null });
    expect(rows[1]?.detail).toContain("defaultTtl: 300");
  });
});
