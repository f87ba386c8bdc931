import { mkdirSync, writeFileSync } from "node:fs";
import { generate } from "selfsigned";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { UserActor } from "@/lib/access/actor";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { setLogLevel } from "@/lib/logger";
import { deleteMember } from "@/lib/members/service";
import type { NameserverStatus } from "@/lib/nameserver/status";
import { certificateFiles } from "@/lib/net/certificate-files";
import { lookForOutages, tellOutage } from "@/lib/server/tell-outages";
import { writeSettings } from "@/lib/settings/settings";
import { createToken, revokeTokens } from "@/lib/tokens/service";
import { tellTrust } from "@/lib/trust/tell-trust";
import { deleteUser } from "@/lib/users/delete-user";
import type { Prisma } from "@/prisma/generated/sqlite/client";
import { listNotices } from "../queries";
import { noticeListQuery } from "../schemas";
import { warnOfCertificate } from "./expiring-certificate";
import { warnOfTokens } from "./expiring-tokens";

const DAY = 24 * 60 * 60_000;

describe.each(["sqlite", "postgresql"] as const)("what is told of on %s", (provider) => {
  let ctx: TestContext;
  let north: UserActor;
  let now = 1_763_650_000_000;
  beforeAll(async () => {
    setLogLevel("error");
    ctx = await testContext(provider, { clock: { now: () => now, monotonic: () => now } });
    north = await ctx.addReseller("north", ["clustering", "manage-api-tokens"]);
    await ctx.db.transaction((tx) => writeSettings(tx, "server", { hostname: "panel.example.com" }));
  });
  afterAll(() => ctx.close());
  beforeEach(async () => {
    now += 1_000;
    await ctx.db.client.noticeDelivery.deleteMany();
    await ctx.db.client.notice.deleteMany();
  });

  const told = async (actor: UserActor = ctx.root) =>
    (await listNotices(ctx, actor, noticeListQuery.parse({}))).rows
      .map(({ subject, isOpen }) => `${subject}${isOpen ? ", goes on" : ""}`)
      .reverse();

  it("tokens, two weeks before they expire, each once and to its owner", async () => {
    const year = new Date(now + 365 * DAY);
    await createToken(ctx, ctx.root, { name: "backup", expiresAt: year.getTime() });
    await createToken(ctx, north, { name: "norths", expiresAt: year.getTime() });
    await createToken(ctx, ctx.root, { name: "for-ever" });
    await warnOfTokens(ctx);
    expect(await told()).toEqual([]);
    now += 352 * DAY;
    await warnOfTokens(ctx);
    await warnOfTokens(ctx);
    expect(await told()).toEqual([
      "API token backup of root expires soon, goes on",
      "API token norths of north expires soon, goes on",
    ]);
    expect(await told(north)).toEqual(["API token norths of north expires soon, goes on"]);
    await revokeTokens(ctx, ctx.root, { names: ["backup"] });
    now += 30 * DAY;
    await warnOfTokens(ctx);
    expect(await told()).toEqual(["API token backup of root expires soon", "API token norths of north expires soon"]);
  });

  it("the certificate, until another one is in its place", async () => {
    const files = certificateFiles(ctx.env.dataDir);
    const install = async (days: number) => {
      const dates = { notBeforeDate: new Date(now - 76 * DAY), notAfterDate: new Date(now + days * DAY) };
      const { cert } = await generate([{ name: "commonName", value: "panel.example.com" }], {
        keyType: "ec",
        ...dates,
      });
      mkdirSync(files.folder, { recursive: true });
      writeFileSync(files.cert, cert);
    };
    await install(20);
    await warnOfCertificate(ctx);
    expect(await told()).toEqual([]);
    now += 7 * DAY;
    await warnOfCertificate(ctx);
    await warnOfCertificate(ctx);
    expect(await told()).toEqual(["The certificate of panel.example.com expires soon, goes on"]);
    await install(90);
    await warnOfCertificate(ctx);
    expect(await told()).toEqual(["The certificate of panel.example.com expires soon"]);
    expect(await told(north)).toEqual([]);
  });

  const nameserver = (reason: string | null): NameserverStatus => ({
    ...{ state: reason === null ? "running" : "backing-off", reason, since: now, software: "Knot DNS", version: null },
    ...{ pid: null, restarts: 1, listen: [{ address: "192.0.2.1", port: 53 }] },
  });

  it("the nameserver, down and back, once each", async () => {
    await tellOutage(ctx, { state: "up", since: now }, nameserver(null));
    expect(await told()).toEqual([]);
    for (const since of [now - 61_000, now - 60_000])
      await tellOutage(ctx, { state: "down", since }, nameserver("Knot is not running: signal SIGKILL."));
    expect(await told()).toEqual(["The local nameserver is down, goes on"]);
    const down = await ctx.db.client.notice.findFirstOrThrow();
    expect(JSON.parse(down.facts)).toMatchObject({
      cause: "Knot is not running: signal SIGKILL.",
      listen: "192.0.2.1@53",
    });
    now += 5_000;
    for (const _ of [1, 2]) await tellOutage(ctx, { state: "up", since: now }, nameserver(null));
    expect(await told()).toEqual(["The local nameserver is down", "The local nameserver is back"]);
    now += 5_000;
    await tellOutage(ctx, { state: "down", since: now }, nameserver("Port taken."));
    expect((await told()).at(-1)).toBe("The local nameserver is down, goes on");
  });

  it("the nameserver, when the database takes the news again that it refused", async () => {
    let isFull = false;
    let tries = 0;
    const transaction: TestContext["db"]["transaction"] = (...args) => {
      tries++;
      return isFull ? Promise.reject(new Error("The disk is full.")) : ctx.db.transaction(...args);
    };
    let isUp = true;
    const look = lookForOutages({ ...ctx, db: { ...ctx.db, transaction } }, () =>
      nameserver(isUp ? null : "Knot is not running: signal SIGKILL."),
    );
    const lookFor = async (seconds: number) => {
      for (let second = 0; second < seconds; second += 5) {
        now += 5_000;
        await look();
      }
    };
    await lookFor(40);
    isUp = false;
    isFull = true;
    await lookFor(90);
    expect(await told()).toEqual([]);
    isFull = false;
    // Two looks at once are one writing.
    await Promise.all([look(), look()]);
    expect(await told()).toEqual(["The local nameserver is down, goes on"]);
    isUp = true;
    isFull = true;
    await lookFor(40);
    isFull = false;
    await lookFor(5);
    expect(await told()).toEqual(["The local nameserver is down", "The local nameserver is back"]);
    const before = tries;
    await lookFor(60);
    expect(tries).toBe(before);
    isUp = false;
    await lookFor(90);
    expect((await told()).at(-1)).toBe("The local nameserver is down, goes on");
  });

  const addMember = (owner: UserActor, hostname: string) =>
    ctx.db.client.member.create({
      data: {
        ...{ ownerId: owner.userId, hostname, address: "192.0.2.9", username: "root", backend: "whm", role: "sync" },
        ...{ sealedCredential: "", createdAt: 0n, lastAnswerAt: BigInt(now) },
      },
    });

  /** What is stored of the trust with a member becomes this, and is told. */
  const setTrust = (id: number, data: Prisma.MemberUpdateInput, hadUs = false) =>
    ctx.db.transaction(async (tx) => {
      await tx.member.update({ where: { id }, data });
      await tellTrust(tx, ctx, id, { hadUs });
    });

  it("a broken trust, and that it works again", async () => {
    const { id } = await addMember(north, "ns1.example.net");
    const set = (trustThere: string | null, trustDetail: string | null = null) =>
      setTrust(id, { trustThere, trustDetail });
    await set("works");
    expect(await told()).toEqual([]);
    await set("broken", "Access denied");
    await set("silent", "It did not answer.");
    await set("broken", "Access denied");
    expect(await told(north)).toEqual(["The trust with ns1.example.net is broken, goes on"]);
    const [broken] = await ctx.db.client.notice.findMany();
    expect(broken?.facts).toContain("Access denied");
    now += 1_000;
    await set("works");
    await set("works");
    expect(await told(north)).toEqual([
      "The trust with ns1.example.net is broken",
      "The trust with ns1.example.net works again",
    ]);
    now += 1_000;
    await set("broken");
    await deleteMember(ctx, ctx.root, { id });
    expect((await told(north)).at(-1)).toBe("The trust with ns1.example.net is broken");
    expect(await ctx.db.client.notice.count({ where: { memberId: id } })).toBe(0);
  });

  it("a half of a trust that is gone, where it is needed", async () => {
    const { id } = await addMember(ctx.root, "ns1.example.net");
    await setTrust(id, { trustThere: "missing" });
    expect(await told()).toEqual([]);
    await setTrust(id, { trustThere: "missing" }, true);
    await setTrust(id, { trustThere: "missing" });
    expect(await told()).toEqual(["The trust with ns1.example.net is broken, goes on"]);
    const [lost] = await ctx.db.client.notice.findMany();
    expect(lost?.facts).toContain("It does not have this server in its DNS cluster.");
    // Our half does not work either, so nothing is known to be over.
    const failed = { lastErrorAt: BigInt(now), lastErrorKind: "timeout", lastError: "It is silent." };
    await setTrust(id, { role: "write-only", ...failed });
    expect(await told()).toEqual(["The trust with ns1.example.net is broken, goes on"]);
    await setTrust(id, { lastErrorAt: null, lastErrorKind: null, lastError: null });
    expect(await told()).toEqual(["The trust with ns1.example.net is broken"]);
    await setTrust(id, { trustThere: "missing" }, true);
    expect(await told()).toHaveLength(1);
    await deleteMember(ctx, ctx.root, { id });
  });

  it("a broken half that is gone then as no mended one", async () => {
    const { id } = await addMember(ctx.root, "ns1.example.net");
    await setTrust(id, { trustThere: "broken", trustDetail: "Access denied" });
    await setTrust(id, { trustThere: "missing", trustDetail: null });
    expect(await told()).toEqual(["The trust with ns1.example.net is broken, goes on"]);
    await setTrust(id, { kind: "dns-only" });
    expect(await told()).toEqual(["The trust with ns1.example.net is broken"]);
    await deleteMember(ctx, ctx.root, { id });
  });

  it("a service whose key works again, which never calls this server", async () => {
    const { id } = await addMember(ctx.root, "api.example.net");
    const failed = { lastErrorAt: BigInt(now + 1), lastErrorKind: "auth", lastError: "Wrong key." };
    await setTrust(id, { backend: "softlayer", ...failed });
    await setTrust(id, { lastAnswerAt: BigInt(now + 2) });
    expect(await told()).toEqual([
      "The trust with api.example.net is broken",
      "The trust with api.example.net works again",
    ]);
    await deleteMember(ctx, ctx.root, { id });
  });

  it("nothing of an account that is gone", async () => {
    const west = await ctx.addReseller("west", ["clustering"]);
    const { id } = await addMember(west, "ns2.example.net");
    await setTrust(id, { trustThere: "broken" });
    expect(await told()).toHaveLength(1);
    await deleteUser(ctx, ctx.root, { userId: west.userId, zonesTo: "recycle-bin" });
    expect(await told()).toEqual([]);
    expect(await ctx.db.client.noticeDelivery.count()).toBe(0);
  });
});
