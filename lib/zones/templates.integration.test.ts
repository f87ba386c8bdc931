import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UserActor } from "@/lib/access/actor";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { AppError } from "@/lib/errors";
import { getZone } from "./queries";
import { createZoneFromTemplate, deleteTemplate, listTemplates, saveTemplate } from "./templates";

const TEXT = `$TTL %ttl%
@ IN SOA %nameserver%. %rpemail%. %serial% 3600 600 604800 300
@ IN NS %nameserver%.
@ IN A %ip%
`;

describe.each(["sqlite", "postgresql"] as const)("zone templates on %s", (provider) => {
  let ctx: TestContext;
  let reseller: UserActor;
  beforeAll(async () => {
    ctx = await testContext(provider);
    reseller = await ctx.addReseller("reseller");
  });
  afterAll(() => ctx.close());
  const names = async () =>
    (await listTemplates(ctx, ctx.root)).map(({ name, isDefault }) => (isDefault ? `*${name}` : name));

  it("starts with the built-in one and keeps it beside the first of root's", async () => {
    expect(await names()).toEqual(["*Standard"]);
    await saveTemplate(ctx, ctx.root, { id: 0, name: "Small", text: TEXT, isDefault: false });
    expect(await names()).toEqual(["*Standard", "Small"]);
  });

  it("has one default at any time", async () => {
    const small = (await listTemplates(ctx, ctx.root)).find(({ name }) => name === "Small");
    await saveTemplate(ctx, ctx.root, { id: small?.id ?? 0, name: "Small", text: TEXT, isDefault: true });
    expect(await names()).toEqual(["*Small", "Standard"]);
    await deleteTemplate(ctx, ctx.root, { id: small?.id ?? 0 });
    expect(await names()).toEqual(["*Standard"]);
  });

  it.each([
    ["an unknown variable", `${TEXT}@ IN TXT %foo%\n`, /%foo%/],
    ["no SOA", "@ IN NS %nameserver%.\n", /SOA/],
    ["a syntax error, with its line", `${TEXT}@ IN A 192.0.2.300\n`, /Line 5/],
  ])("refuses a template with %s", async (_, text, message) => {
    const saving = saveTemplate(ctx, ctx.root, { id: 0, name: "Bad", text, isDefault: false });
    await expect(saving).rejects.toThrow(message);
    await expect(saving).rejects.toBeInstanceOf(AppError);
  });

  it("refuses a name that is taken, and everybody but root", async () => {
    const template = { id: 0, name: "Standard", text: TEXT, isDefault: false };
    await expect(saveTemplate(ctx, ctx.root, template)).rejects.toMatchObject({ code: "conflict" });
    await expect(saveTemplate(ctx, reseller, { ...template, name: "X" })).rejects.toMatchObject({ code: "forbidden" });
    await expect(deleteTemplate(ctx, reseller, { id: 1 })).rejects.toMatchObject({ code: "forbidden" });
  });

  it("makes a zone, with addresses for nameservers inside it", async () => {
    const [template] = await listTemplates(ctx, reseller);
    const input = {
      name: "xn--bcher-kva.example.",
      templateId: template?.id ?? 0,
      ip: "192.0.2.10",
      ipv6: "",
      nameservers: ["ns1.xn--bcher-kva.example.", "ns2.example.net."],
      glue: ["192.0.2.53", ""],
    };
    await createZoneFromTemplate(ctx, reseller, input);
    const { zone, displayName, owner } = await getZone(ctx, reseller, input.name);
    const rdatas = (host: string, type: string) =>
      zone.rrsets.find((rrset) => rrset.owner === host && rrset.type === type)?.rdatas;
    expect([displayName, owner]).toEqual(["bücher.example", "reseller"]);
    expect(rdatas(input.name, "NS")).toEqual(["ns1.xn--bcher-kva.example.", "ns2.example.net."]);
    expect(rdatas("ns1.xn--bcher-kva.example.", "A")).toEqual(["192.0.2.53"]);
    expect(rdatas(input.name, "A")).toEqual(["192.0.2.10"]);
    expect(rdatas(input.name, "AAAA")).toBeUndefined();
  });

  it("says which field a template needs", async () => {
    const [template] = await listTemplates(ctx, ctx.root);
    const making = createZoneFromTemplate(ctx, ctx.root, {
      name: "example.org.",
      templateId: template?.id ?? 0,
      ip: "",
      ipv6: "",
      nameservers: ["ns1.example.net."],
      glue: [],
    });
    await expect(making).rejects.toMatchObject({
      code: "invalid-input",
      extra: { fields: { ip: expect.any(String) } },
    });
  });
});
