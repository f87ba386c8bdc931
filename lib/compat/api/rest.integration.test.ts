import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { ensureLocalTarget } from "@/lib/engine/targets";
import { setLogLevel } from "@/lib/logger";
import { CLIENT_HEADER, FORWARDED_HEADER } from "@/lib/net/client-header";
import { createToken } from "@/lib/tokens/service";
import { createZone } from "@/lib/zones/service";
import { answerRest } from "./http";

describe("the REST API", () => {
  let ctx: TestContext;
  let authorization: string;
  beforeAll(async () => {
    setLogLevel("error");
    ctx = await testContext("sqlite");
    await ensureLocalTarget(ctx);
    authorization = `Bearer ${(await createToken(ctx, ctx.root, { name: "hook" })).token}`;
    const text = "$TTL 3600\n@ SOA ns1.example.net. h.example.net. 7 1h 15m 2w 5m\n@ NS ns1.example.net.\n";
    await createZone(ctx, ctx.root, { name: "a.example.", text });
    await createZone(ctx, ctx.root, { name: "0/25.2.0.192.in-addr.arpa.", text });
  });
  afterAll(() => ctx.close());

  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await answerRest(
      ctx,
      new Request(`https://ns1.example.com/api/v1/${path}`, {
        method,
        headers: { authorization, [CLIENT_HEADER]: "192.0.2.1", ...headers },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      }),
    );
    const text = await response.text();
    return { status: response.status, headers: response.headers, data: JSON.parse(text) };
  };
  const patch = (...edits: object[]) => call("PATCH", "zones/a.example/rrsets", { edits, reason: "hook" });
  const challenge = (op: string, ...records: string[]) => ({
    ...{ op, name: "_acme-challenge.a.example", type: "txt", ttl: 60, records },
  });

  it("changes RRsets, and tells the change by its number", async () => {
    const { data, headers } = await patch(challenge("add", "one"), {
      op: "add",
      name: "@",
      type: "MX",
      records: ["10 mail"],
    });
    expect(headers.get("cache-control")).toBe("no-store");
    expect(data).toMatchObject({ change: { id: expect.any(Number), zone: "a.example" }, changed: true });
    const zone = await call("GET", "zones/A.example.");
    expect(zone.data.zone).toMatchObject({
      name: "a.example",
      change: data.change.id,
      serial: data.change.serial,
      owner: "root",
    });
    expect(zone.data.rrsets).toContainEqual({
      name: "a.example",
      type: "MX",
      ttl: 14_400,
      records: ["10 mail.a.example."],
    });
    const only = await call("GET", "zones/a.example?name=_acme-challenge.a.example&type=TXT");
    expect(only.data.rrsets).toEqual([{ name: "_acme-challenge.a.example", type: "TXT", ttl: 60, records: ['"one"'] }]);
    expect((await patch(challenge("add", "one"))).data).toEqual({ change: data.change, changed: false });
    const { data: listed } = await call("GET", "changes?zone=a.example");
    expect(listed).toMatchObject({ total: 2, page: 1, pageSize: 50 });
    expect(listed.changes[0]).toMatchObject({
      ...{ id: data.change.id, kind: "edit", by: "root", reason: "hook", isNewest: true },
      committedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  it("tells how far a change has come, with a verdict", async () => {
    const {
      data: { change },
    } = await patch(challenge("add", "two"));
    const { status, data } = await call("GET", `changes/${change.id}?wait=quorum&timeout=0`);
    expect(status).toBe(200);
    expect(data).toMatchObject({ change: { ...change, isDeletion: false }, wait: "quorum", reached: false });
    expect(data.targets).toEqual([
      {
        ...{
          name: "This server",
          kind: "local",
          state: "pending",
          reached: false,
          reason: "It was not sent there yet.",
        },
        ...{ acceptedMs: null, servedMs: null, retryAt: null, notes: [] },
      },
    ]);
    expect((await call("GET", `changes/${change.id}`)).data).toMatchObject({ wait: "all", reached: false });
  });

  it("takes names that need encoding", async () => {
    const { data } = await call("GET", `zones/${encodeURIComponent("0/25.2.0.192.in-addr.arpa")}`);
    expect(data.zone.name).toBe("0/25.2.0.192.in-addr.arpa");
  });

  it.each<[string, string, unknown, number, RegExp]>([
    ["GET", "nothing", undefined, 404, /no such address/],
    ["GET", "zones/", undefined, 404, /no such address/],
    ["DELETE", "zones/a.example", undefined, 405, /Use GET here/],
    ["GET", "zones/%E0%A4", undefined, 400, /percent-encoded/],
    ["GET", "zones/a..example", undefined, 400, /not a zone name/],
    ["GET", "zones/missing.example", undefined, 404, /There is no zone missing\.example here/],
    ["GET", "zones/a.example?type=BURN", undefined, 400, /not a record type/],
    ["GET", "zones/a.example?name=b.example", undefined, 400, /^“b\.example” is not a name in the zone a\.example\. /],
    ["GET", "changes", undefined, 400, /^“zone”: Say which zone/],
    ["GET", "changes?zone=a.example&page=0", undefined, 400, /^“page”: .*from 1/],
    ["GET", "changes/first", undefined, 400, /^“id”: A change is a number/],
    ["GET", "changes/999999", undefined, 404, /no such change/],
    ["GET", "changes/1?wait=some", undefined, 400, /^“wait”: Say one of acknowledged, quorum, all/],
    ["GET", "changes/1?wait=all&timeout=301", undefined, 400, /^“timeout”: .*from 0 to 300/],
    ["GET", "changes/1?wait=all&timeout=soon", undefined, 400, /^“timeout”: /],
    ["PATCH", "zones/a.example/rrsets", "{", 400, /has to be JSON/],
    ["PATCH", "zones/a.example/rrsets", {}, 400, /^“edits”: /],
    ["PATCH", "zones/a.example/rrsets", { edits: [] }, 400, /^“edits”: Give at least one/],
    [
      "PATCH",
      "zones/a.example/rrsets",
      { edits: [challenge("burn", "x")] },
      400,
      /^“edits\.0\.op”: Say one of add, remove, set/,
    ],
    ["PATCH", "zones/a.example/rrsets", { edits: [challenge("add")] }, 400, /^“edits\.0\.records”: Give at least one/],
    [
      "PATCH",
      "zones/a.example/rrsets",
      { edits: [{ ...challenge("add", "x"), name: "www" }] },
      400,
      /^“www” is not a name in the zone/,
    ],
    ["PATCH", "zones/a.example/rrsets", { edits: [{ ...challenge("add", "x"), type: "A" }] }, 400, /“x”/],
    [
      "PATCH",
      "zones/a.example/rrsets",
      { edits: [{ op: "set", name: "@", type: "NS", records: [] }] },
      400,
      /not saved/,
    ],
    ["PATCH", "zones/a.example/rrsets", `{"x":"${"x".repeat(1_048_576)}"}`, 413, /larger than 1 MiB/],
  ])("%s %s is refused with what is allowed", async (method, path, body, status, message) => {
    const answer = await call(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.data).toEqual({
      error: { code: expect.stringMatching(/^[a-z-]+$/), message: expect.stringMatching(message) },
    });
  });

  it("takes a token in either form, from the token's own addresses only", async () => {
    const { token } = await createToken(ctx, ctx.root, { name: "narrow", allowedIps: ["198.51.100.7"] });
    const status = async (header: string, address: string, more = {}) =>
      (await call("GET", "zones/a.example", undefined, { authorization: header, [CLIENT_HEADER]: address, ...more }))
        .status;
    for (const form of [`Bearer ${token}`, `bearer ${token}`, `whm root:${token}`, `WHM root:${token}`]) {
      expect(await status(form, "198.51.100.7"), form).toBe(200);
      expect(await status(form, "198.51.100.8"), form).toBe(401);
    }
    expect(await status(`Bearer ${token}`, "127.0.0.1", { [FORWARDED_HEADER]: "1" })).toBe(401);
    for (const form of ["", "Bearer", `Basic ${token}`, `Bearer ${token} x`, `whm alice:${token}`])
      expect(await status(form, "198.51.100.7"), form).toBe(401);
    const refused = await call("GET", "zones/a.example", undefined, { authorization: "" });
    expect(refused.headers.get("www-authenticate")).toBe("Bearer");
  });
});
