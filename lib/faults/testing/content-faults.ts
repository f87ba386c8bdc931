import { expect } from "vitest";
import { requestResync } from "@/lib/cluster/resync";
import type { Fault } from "./fault";
import { type RelayedAnswer, type RelayedRequest, type RelayFault, says } from "./faulty-relay";
import type { Fleet } from "./fleet";
import { lacking, until } from "./settled";

const PUSH = /^\/scripts2\/synczones_local/;
const LIST = /^\/scripts2\/getzonedigests_local/;

/** What ns1 is made to say, or is told, by something in between that is broken. */
function onRelay(name: string, on: RegExp, fault: RelayFault, more: Partial<Fault> = {}): Fault {
  return {
    name,
    behind: ["ns1"],
    async begin({ relay }) {
      relay.set(fault, on);
      return async () => relay.set(null);
    },
    ...more,
  };
}

/** The same while all zones are compared: "Synchronize all zones again". */
function onCompare(name: string, fault: RelayFault, more: Partial<Fault> = {}): Fault {
  return {
    ...onRelay(name, LIST, fault, more),
    async begin({ relay, web1, memberIds }) {
      relay.set(fault, LIST);
      await requestResync(web1, web1.root, { memberId: memberIds.ns1 });
      return async () => relay.set(null);
    },
  };
}

const halved = ({ body, ...answer }: RelayedAnswer): RelayedAnswer => ({
  ...answer,
  body: body.subarray(0, body.length >> 1),
});

export const CONTENT_FAULTS: readonly Fault[] = [
  onRelay("every answer is a 500", /./, () => says(500, "Internal Server Error"), { failure: "bad-response" }),
  onRelay("every answer is a 500 until the threshold", /./, () => says(500, ""), {
    ...{ failure: "bad-response", threshold: 2 },
  }),
  // From here on it answers otherwise: the zone is the trouble, and nothing is held against the member.
  onRelay(
    "the work is done and the answer is a 500",
    PUSH,
    async (_, pass) => {
      await pass();
      return says(500, "");
    },
    { behind: [], setsAside: "bad-response" },
  ),
  takesNothing(),
  onRelay("a 200 has an error inside", PUSH, () => says(200, '{"cpanelresult":{"error":"Access denied"}}'), {
    setsAside: "bad-response",
  }),
  onRelay(
    "a 200 has a refusal of the zone inside",
    PUSH,
    (request) => says(200, JSON.stringify({ zones: [{ zone: zoneIn(request), status: "refused", message: "no" }] })),
    { setsAside: "rejected" },
  ),
  onRelay("a 200 does not speak of the zone", PUSH, () => says(200, '{"zones":[]}'), { setsAside: "bad-response" }),
  onRelay("the member asks to wait", PUSH, () => says(429, "", { "retry-after": "30" }), { failure: "rate-limited" }),
  onRelay("the credential is refused until the threshold", /./, unsigned, { failure: "auth", threshold: 2 }),
  onRelay(
    "the connection is reset in the middle of an answer",
    PUSH,
    async (_, pass) => {
      const answer = await pass();
      return { ...answer, cutAfter: answer.body.length >> 1 };
    },
    { behind: [], setsAside: "unreachable" },
  ),
  onRelay("an answer is whole and its second half is missing", PUSH, async (_, pass) => halved(await pass()), {
    ...{ behind: [], setsAside: "bad-response" },
  }),
  onRelay("the connection is cut before an answer", PUSH, () => null, { setsAside: "unreachable" }),
  onCompare("a list of zones breaks off", async (_, pass) => halved(await pass()), { failure: "bad-response" }),
  onCompare("a list of zones lacks its end", async (_, pass) => withoutEnd(await pass()), { behind: [] }),
  onRelay(
    "every request is delivered twice",
    PUSH,
    async (_, pass) => {
      await pass();
      return pass();
    },
    { behind: [] },
  ),
  reordered(),
  onRelay("half of a zone is delivered", PUSH, (request, pass) => pass({ body: halfZone(request.body) }), {
    setsAside: "rejected",
  }),
];

/** The wire's name of the one zone in a push. */
function zoneIn({ body }: RelayedRequest): string {
  return /cpdnszone-([^=&]*)=/.exec(body.toString("latin1"))?.[1] ?? "";
}

/** As from a caller whose token was revoked: the real server refuses it. */
function unsigned({ headers }: RelayedRequest, pass: Parameters<RelayFault>[1]): Promise<RelayedAnswer> {
  return pass({ headers: { ...headers, authorization: "whm root:REVOKED0123456789" } });
}

/** A list that ends after half of it, and says that this was all. */
function withoutEnd({ status, headers, body }: RelayedAnswer): RelayedAnswer {
  const { zones } = JSON.parse(body.toString()) as { zones: unknown[] };
  return says(status, JSON.stringify({ zones: zones.slice(0, zones.length >> 1), next: null }), headers);
}

/** A form that is whole, in which the text of the zone ends in its middle, at the end of a line. */
function halfZone(body: Buffer): Buffer {
  const text = body.toString("latin1");
  const start = text.indexOf("=", text.indexOf("cpdnszone-"));
  const middle = text.lastIndexOf("%0A", start + ((text.length - start) >> 1));
  return Buffer.from(text.slice(0, middle + 3), "latin1");
}

/** One zone after the other fails, though it answers otherwise: then it is the member. */
function takesNothing(): Fault {
  const failing = onRelay("every push is a 500 and all else is answered, until the threshold", PUSH, () =>
    says(500, ""),
  );
  return {
    ...failing,
    ...{ failure: "bad-response", threshold: 2 },
    async begin(fleet, zone) {
      const end = await failing.begin(fleet, zone);
      const others = [...fleet.acknowledged.keys()].filter((name) => name !== zone).slice(0, 3);
      for (const other of others) await fleet.edit(other);
      return end;
    },
  };
}

/** A delivery is held up on the way, is taken for lost, and arrives after the newer one. */
function reordered(): Fault {
  const late: (() => Promise<RelayedAnswer>)[] = [];
  return {
    name: "an older delivery arrives after the newer one",
    behind: ["ns1"],
    async begin({ relay }) {
      relay.set((_, pass) => {
        late.push(pass);
        return null;
      }, PUSH);
      return async () => relay.set(null);
    },
    setsAside: "unreachable",
    async meanwhile(fleet, { zone }) {
      await arriveInOrder(fleet, zone, late);
    },
  };
}

async function arriveInOrder(fleet: Fleet, zone: string, late: (() => Promise<RelayedAnswer>)[]): Promise<void> {
  const { relay, cluster } = fleet;
  relay.set(null);
  const label = await fleet.edit(zone);
  await until("the newer one is there", () => lacking([cluster.ns1.dns], zone, label ?? ""));
  for (const deliver of late) {
    const answer = await deliver();
    expect(answer.body.toString()).toContain("newer-here");
  }
  expect(await lacking([cluster.ns1.dns], zone, label ?? "")).toEqual([]);
}
