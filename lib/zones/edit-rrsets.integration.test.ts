import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UserActor } from "@/lib/access/actor";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { editRrsets, type RrsetEdit } from "./edit-rrsets";
import { getZone } from "./queries";
import { createZone } from "./service";

const NAME = "a.example.";
const OWNER = `_acme-challenge.${NAME}`;
const TEXT =
  "$TTL 3600\n@ SOA ns1.example.net. h.example.net. 1 3600 900 1209600 300\n@ NS ns1.example.net.\n@ A 192.0.2.1\n";
const txt = (kind: RrsetEdit["kind"], ...values: string[]): RrsetEdit => ({
  ...{ kind, owner: OWNER, type: "TXT", ttl: 60, rdatas: values.map((value) => `"${value}"`) },
});

describe.each(["sqlite", "postgresql"] as const)("editing RRsets on %s", (provider) => {
  let ctx: TestContext;
  let alice: UserActor;
  beforeAll(async () => {
    ctx = await testContext(provider);
    alice = await ctx.addReseller("alice");
    await createZone(ctx, alice, { name: NAME, text: TEXT });
  });
  afterAll(() => ctx.close());

  const edit = (...edits: RrsetEdit[]) => editRrsets(ctx, alice, { name: NAME, edits });
  const rrset = async (owner: string, type: string) =>
    (await getZone(ctx, alice, NAME)).zone.rrsets.find((found) => found.owner === owner && found.type === type);

  it("keeps every value of several that are added at once", async () => {
    const values = Array.from({ length: 8 }, (_, index) => `value-${index}`);
    const refs = await Promise.all(values.map((value) => edit(txt("add", value))));
    expect(new Set(refs.map(({ seq }) => seq)).size).toBe(8);
    expect(await rrset(OWNER, "TXT")).toMatchObject({ ttl: 60, rdatas: values.map((value) => `"${value}"`) });
  });

  it("takes values away, those that are there", async () => {
    const values = Array.from({ length: 8 }, (_, index) => `value-${index}`);
    await Promise.all(values.slice(1).map((value) => edit(txt("remove", value, "never-there"))));
    expect((await rrset(OWNER, "TXT"))?.rdatas).toEqual(['"value-0"']);
    const { seq } = await getZone(ctx, alice, NAME);
    expect(await edit(txt("remove", "value-1"))).toMatchObject({ isChanged: false, seq });
    expect(await edit(txt("remove", "value-0"))).toMatchObject({ isChanged: true, seq: seq + 1 });
    expect(await rrset(OWNER, "TXT")).toBeUndefined();
  });

  it("sets an RRset whole, in one change with others, and keeps the TTL that is not named", async () => {
    const address = (kind: RrsetEdit["kind"], rdatas: string[], ttl?: number) =>
      edit({ kind, owner: NAME, type: "A", ttl, rdatas }, { ...txt("set", "b", "a"), ttl: undefined });
    expect(await address("set", ["192.0.2.3", "192.0.2.2"])).toMatchObject({ isChanged: true });
    expect(await rrset(NAME, "A")).toMatchObject({ ttl: 3_600, rdatas: ["192.0.2.2", "192.0.2.3"] });
    expect(await rrset(OWNER, "TXT")).toMatchObject({ ttl: 14_400, rdatas: ['"a"', '"b"'] });
    await address("set", ["192.0.2.3"], 120);
    expect(await rrset(NAME, "A")).toMatchObject({ ttl: 120, rdatas: ["192.0.2.3"] });
    expect(await address("set", ["192.0.2.3"])).toMatchObject({ isChanged: false });
    await edit({ kind: "set", owner: OWNER, type: "TXT", rdatas: [] });
    expect(await rrset(OWNER, "TXT")).toBeUndefined();
  });

  it("saves nothing of what does not fit a zone, and finds no zone of another account", async () => {
    const cname: RrsetEdit = { kind: "add", owner: NAME, type: "CNAME", rdatas: ["b.example."] };
    await expect(edit(txt("add", "x"), cname)).rejects.toMatchObject({ code: "invalid-input" });
    expect(await rrset(OWNER, "TXT")).toBeUndefined();
    const bob = await ctx.addReseller("bob");
    const theirs = editRrsets(ctx, bob, { name: NAME, edits: [txt("add", "x")] });
    await expect(theirs).rejects.toMatchObject({ code: "not-found" });
  });
});
