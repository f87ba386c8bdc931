import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { UserActor } from "@/lib/access/actor";
import { openDatabase } from "@/lib/db/database";
import { takeSequence } from "@/lib/db/sequence";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { type LiveTopic, publish } from "@/lib/live/bus";
import { publishZones } from "@/lib/live/publish-zones";
import { setLogLevel } from "@/lib/logger";
import { createZone } from "@/lib/zones/service";
import { accountFeed, MANY_MS } from "./account-feed";
import { eventStream } from "./event-stream";
import { allowedTopics } from "./topic-filter";

const TEXT = `$TTL 3600
@ SOA ns1.example.net. hostmaster.example.net. 1 7200 3600 1209600 3600
@ NS ns1.example.net.
`;

describe("live events", () => {
  let ctx: TestContext;
  let mine: UserActor;
  let abort: AbortController;
  let isSignedIn = true;
  beforeAll(async () => {
    setLogLevel("error");
    ctx = await testContext("sqlite");
    mine = await ctx.addReseller("studio");
    await createZone(ctx, ctx.root, { name: "root.example.", text: TEXT });
    await createZone(ctx, ctx.root, { name: "studio.example.", text: TEXT, ownerId: mine.userId });
  });
  afterAll(() => ctx.close());
  beforeEach(() => {
    abort = new AbortController();
    isSignedIn = true;
  });
  afterEach(() => abort.abort());

  /** Opens a stream and gives what it says, event by event. */
  async function listen(actor: UserActor, topics: string, ageMs = 0) {
    const allowed = await allowedTopics(ctx, actor, topics);
    const stream = eventStream(ctx, {
      ageMs,
      actor,
      topics: allowed,
      signal: abort.signal,
      isStillSignedIn: async () => isSignedIn,
    });
    const reader = stream.getReader();
    const decoder = new TextDecoder();
    const heard: string[] = [];
    const ended = (async () => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        heard.push(
          ...decoder
            .decode(value, { stream: true })
            .split("\n\n")
            .flatMap((event) => /^data: (.*)$/.exec(event)?.[1] ?? []),
        );
      }
    })();
    return { heard, ended, until: (topic: string) => expect.poll(() => heard).toContain(topic) };
  }

  it("tells root what it asked for, and nothing else", async () => {
    const { heard, until } = await listen(ctx.root, "zones,zone:root.example.,nonsense");
    publish("cluster");
    publish("zone:studio.example.");
    publish("zone:root.example.");
    publish("zones");
    await until("zones");
    expect(heard).toEqual(["zone:root.example.", "zones"]);
  });

  it("tells a page that connects for the first time what happened since it was made, and no more", async () => {
    publish("zone:root.example.");
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    publish("zone:studio.example.");
    const { heard, until } = await listen(ctx.root, "zone:root.example.,zone:studio.example.", 800);
    await until("zone:studio.example.");
    expect(heard).toEqual(["zone:studio.example."]);
    const later = await listen(ctx.root, "zone:root.example.,zone:studio.example.");
    publish("zone:root.example.");
    await later.until("zone:root.example.");
    expect(later.heard).toEqual(["zone:root.example."]);
  });

  it("lets a reseller ask for their own zones and the nameserver only", async () => {
    const asked = "cluster,nameserver,zones,zone:root.example.,zone:studio.example.,zone:missing.example.";
    expect([...(await allowedTopics(ctx, mine, asked))]).toEqual(["nameserver", "zones", "zone:studio.example."]);
  });

  it("does not tell a reseller that somebody else's zones change", async () => {
    const { heard, until } = await listen(mine, "zones");
    publish("zones");
    await until("zones");
    heard.length = 0;
    await createZone(ctx, ctx.root, { name: "another.example.", text: TEXT });
    publish("zone:root.example.");
    publish("zones");
    publish("zone:studio.example.");
    await until("zones");
    expect(heard).toEqual(["zones"]);
  });

  it("tells a reseller of many zones that are not named when it is about their own", async () => {
    const { heard, until } = await listen(mine, "many-zones,zones,zone:studio.example.");
    publishZones("many");
    await until("many-zones");
    heard.length = 0;
    const observe = async (name: string) => {
      const { id: zoneId } = await ctx.db.client.zone.findUniqueOrThrow({ where: { name } });
      const observed = { problem: "unreachable", observedAt: BigInt(Date.now()) };
      await ctx.db.client.zoneTarget.create({ data: { zoneId, targetId, ...observed } });
    };
    const { id: targetId } = await ctx.db.client.target.create({ data: { createdAt: 0n } });
    await observe("root.example.");
    await sleep(MANY_MS);
    publishZones("many");
    publish("nameserver");
    publish("zone:studio.example.");
    await until("zone:studio.example.");
    expect(heard).not.toContain("many-zones");
    heard.length = 0;
    await observe("studio.example.");
    // So soon after the last look it waits for its time.
    publishZones("many");
    await expect.poll(() => [...heard].sort(), { timeout: 2 * MANY_MS }).toEqual(["many-zones", "zones"]);
  });

  it("tells a reseller of their own notices and mails only", async () => {
    const notice = { event: "trust-mended", facts: '{"member":"ns1.example.net"}', raisedAt: 0n };
    const { heard, until } = await listen(mine, "notices,zone:studio.example.");
    publish("notices");
    await until("notices");
    heard.length = 0;
    await ctx.db.client.notice.create({ data: { ...notice, episode: "root's", ownerId: ctx.root.userId } });
    publish("notices");
    publish("zone:studio.example.");
    await until("zone:studio.example.");
    expect(heard).toEqual(["zone:studio.example."]);
    await ctx.db.client.notice.create({ data: { ...notice, episode: "mine", ownerId: mine.userId } });
    publish("notices");
    await until("notices");
    expect(heard).toEqual(["zone:studio.example.", "notices"]);
  });

  it("tells a reseller of members that are disabled only when they are their own", async () => {
    const row = {
      address: "192.0.2.1",
      username: "root",
      backend: "whm",
      role: "sync",
      sealedCredential: "",
      createdAt: 0n,
    };
    const [roots, own] = await Promise.all(
      [ctx.root.userId, mine.userId].map((ownerId) =>
        ctx.db.client.member.create({ data: { ...row, ownerId, hostname: "ns1.example.net" } }),
      ),
    );
    const { heard, until } = await listen(mine, "members,zone:studio.example.");
    publish("members");
    await until("members");
    heard.length = 0;
    await ctx.db.client.member.update({ where: { id: roots?.id ?? 0 }, data: { disabledAt: 1n } });
    publish("members");
    publish("zone:studio.example.");
    await until("zone:studio.example.");
    expect(heard).toEqual(["zone:studio.example."]);
    await ctx.db.client.member.update({ where: { id: own?.id ?? 0 }, data: { disabledAt: 1n } });
    publish("members");
    await until("members");
    await ctx.db.client.member.deleteMany();
  });

  it("tells tabs that poll by versions: another one for what changed of their own, the same for the rest", async () => {
    const topics = await allowedTopics(ctx, mine, "zones,nameserver,zone:studio.example.,zone:root.example.");
    const poll = () => accountFeed(ctx, mine).versions(topics);
    const changed = (before: Record<string, string>, now: Record<string, string>) =>
      Object.keys(now).filter((topic) => now[topic] !== before[topic]);
    const unknown = poll();
    await createZone(ctx, ctx.root, { name: "polled.example.", text: TEXT, ownerId: mine.userId });
    await expect.poll(() => changed(unknown, poll())).toEqual(["zones"]);
    const first = poll();
    expect(Object.keys(first).sort()).toEqual(["nameserver", "zone:studio.example.", "zones"]);
    await createZone(ctx, ctx.root, { name: "unseen.example.", text: TEXT });
    publish("nameserver");
    await expect.poll(() => changed(first, poll())).toEqual(["nameserver"]);
    const second = poll();
    publish("zone:studio.example.");
    await expect.poll(() => changed(second, poll())).toEqual(["zones", "zone:studio.example."]);
  });

  it("costs no statement more with many tabs than with one", async () => {
    let statements = 0;
    const counted = { db: { ...ctx.db, client: countingCalls(ctx.db.client, () => statements++) } };
    const topics = await allowedTopics(ctx, mine, "zones,zone:studio.example.");
    const statementsFor = async (tabs: number) => {
      const heard = new Set<number>();
      const leave = Array.from({ length: tabs }, (_, tab) =>
        accountFeed(counted, mine).listen({ topics, tell: () => heard.add(tab), fail: () => {} }, 0),
      );
      const before = statements;
      for (let hint = 0; hint < 5; hint++) {
        heard.clear();
        publish("zones");
        publish("zone:root.example.");
        publish("zone:studio.example.");
        await expect.poll(() => heard.size, { timeout: 10_000 }).toBe(tabs);
      }
      const asked = statements - before;
      for (const end of leave) end();
      return asked;
    };
    const alone = await statementsFor(1);
    expect(alone).toBeGreaterThan(0);
    expect(await statementsFor(8)).toBe(alone);
  });

  it("tells few tabs at once and many in turn, and whoever was away of everything", async () => {
    const told: LiveTopic[][] = [];
    const listenWith = (topics: LiveTopic[], ageMs: number | null) =>
      accountFeed(ctx, ctx.root).listen(
        { topics: new Set(topics), tell: (topics) => void told.push([...topics]), fail: () => {} },
        ageMs,
      );
    const leave = Array.from({ length: 15 }, () => listenWith(["zones", "sync"], 0));
    publish("zones");
    await expect.poll(() => told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThan(15);
    publish("sync");
    await expect.poll(() => told.filter((topics) => topics.includes("zones")).length, { timeout: 10_000 }).toBe(15);
    // What came while they waited was told with it; those told before hear of it by itself.
    expect(told.filter((topics) => topics.includes("zones")).slice(-5)).toEqual(
      Array.from({ length: 5 }, () => ["zones", "sync"]),
    );
    for (const end of leave) end();
    told.length = 0;
    const end = listenWith(["cluster", "tokens"], null);
    await expect.poll(() => told, { timeout: 10_000 }).toEqual([["cluster", "tokens"]]);
    end();
  });

  it("finds that something was audited, wherever that was", async () => {
    const { heard } = await listen(ctx.root, "audit");
    const event = { actorName: "root", action: "zone.edit", subject: "root.example.", detail: "{}" };
    await expect
      .poll(
        async () => {
          await ctx.db.client.auditEvent.create({ data: { ...event, at: 1n } });
          return heard;
        },
        { timeout: 10_000, interval: 500 },
      )
      .toContain("audit");
    expect([...(await allowedTopics(ctx, mine, "audit"))]).toEqual([]);
  });

  it("finds changes that another process made on the same database", async () => {
    const { heard } = await listen(ctx.root, "zones,zone:root.example.,zone:studio.example.");
    const other = await openDatabase(await databaseUrl(ctx));
    // Again and again until the watch, which has to have looked once before, finds it.
    await expect
      .poll(
        async () => {
          await other.transaction(async (tx) => {
            const changeSeq = BigInt(await takeSequence(tx, 1));
            await tx.zone.update({ where: { name: "root.example." }, data: { changeSeq } });
          });
          return heard;
        },
        { timeout: 10_000, interval: 500 },
      )
      .toEqual(["zones", "zone:root.example."]);
    await other.close();
  });

  it("ends when the browser leaves", async () => {
    const { ended } = await listen(ctx.root, "zones");
    abort.abort();
    await ended;
  });
});

async function databaseUrl(ctx: TestContext): Promise<string> {
  const [row] = await ctx.db.client.$queryRaw<{ file: string }[]>`
    SELECT "file" FROM pragma_database_list WHERE "name" = 'main'`;
  return `file:${row?.file}`;
}

/** The client, with every call of a model counted: what the watch for other processes asks is raw and comes with time. */
function countingCalls<C extends object>(client: C, count: () => void): C {
  const counting = <T extends object>(target: T, isModel: boolean): T =>
    new Proxy(target, {
      get(_, property) {
        const value: unknown = Reflect.get(target, property);
        if (typeof value === "object" && value !== null && !isModel) return counting(value, true);
        if (typeof value !== "function" || !isModel) return value;
        return (...input: unknown[]) => {
          count();
          return value.apply(target, input);
        };
      },
    });
  return counting(client, false);
}
