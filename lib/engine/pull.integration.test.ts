import { afterAll, beforeAll, expect, it } from "vitest";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { createMemoryDriver } from "@/lib/drivers/memory/driver";
import { DriverError } from "@/lib/errors";
import { getZone } from "@/lib/zones/queries";
import { createZone } from "@/lib/zones/service";
import { pullFromMember } from "./pull";

let ctx: TestContext;
beforeAll(async () => {
  ctx = await testContext("sqlite");
});
afterAll(() => ctx.close());

const text = (name: string, serial: number) =>
  `$ORIGIN ${name}\n$TTL 3600\n@ SOA ns1.example.net. hostmaster.example.net. ${serial} 3600 900 1209600 300\n@ NS ns1.example.net.\n`;

it("takes newer zones in although the answer for one of them is always too large", async () => {
  const names = Array.from({ length: 9 }, (_, index) => `pull${index}.example.`);
  for (const name of names) await createZone(ctx, ctx.root, { name, text: text(name, 1) });
  const asked: number[] = [];
  const driver = {
    ...createMemoryDriver(),
    async *list() {
      yield names.map((name) => ({ name, serial: 2_000_000_000, digest: "other", updatedAt: 1 }));
    },
    async fetch(wanted: readonly string[]) {
      asked.push(wanted.length);
      if (wanted.includes("pull4.example.")) throw new DriverError("bad-response", "test", "fetch", "more than 64 MiB");
      return wanted.map((name) => ({ name, text: text(name, 2_000_000_000), updatedAt: 1 }));
    },
  };
  const member = await ctx.db.client.member.create({
    data: {
      ownerId: ctx.root.userId,
      hostname: "ns1.example.net",
      address: "192.0.2.1",
      username: "root",
      backend: "whm",
      role: "sync",
      sealedCredential: "",
      createdAt: 1n,
    },
  });
  expect(await pullFromMember(ctx, member.id, driver, new AbortController().signal)).toBe(9);
  const serials = await Promise.all(names.map(async (name) => (await getZone(ctx, ctx.root, name)).serial));
  expect(serials.filter((serial) => serial === 2_000_000_000)).toHaveLength(8);
  expect(asked.length).toBeLessThan(12);
});
