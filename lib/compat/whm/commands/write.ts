import { askAboutSent } from "@/lib/cluster/ask-member";
import { receiveUnheld } from "@/lib/cluster/receive-unheld";
import type { PushReply, RemoveReply } from "@/lib/drivers/whm/protocol";
import { AGAIN_FIELD, goneStamps, sentSums, textSum, wireName } from "@/lib/drivers/whm/protocol";
import { logger } from "@/lib/logger";
import { CLIENT_HEADER } from "@/lib/net/client-header";
import { WireAnswer } from "@/lib/net/exchange";
import { loadAgain } from "@/lib/zones/make-due";
import type { ReceiveOutcome } from "@/lib/zones/receive";
import { removeReceivedZones } from "@/lib/zones/remove-received";
import type { Call } from "../call";
import { type Command, doOnce, originOf, type PeerCaller, peerCaller, senderOf } from "../command";
import type { FormZone } from "../form";
import { ownHostname } from "../identity";

const log = logger("whm");

/**
 * What members write. A WHM has looked itself which copy is newer, or does not want to know (Write-only): its zones are taken as they are. A Zonefleet
 * server leaves it to us ("newest") or does not ("overwrite").
 *
 * A refused zone does not fail the command: WHM would send all of it again every 15 minutes, count a failure each time and give up on us after ten, for one
 * bad zone. It is named in the answer and in our log; Zonefleet servers get an outcome for every zone and set that one aside.
 */

async function receive(call: Call, zones: readonly FormZone[], peer: PeerCaller | null): Promise<ReceiveOutcome[]> {
  const readable = zones.flatMap(({ name, text, problem }) =>
    name !== undefined && problem === null ? [{ name, text }] : [],
  );
  const refused = zones.flatMap(({ name, problem }): ReceiveOutcome[] =>
    name === undefined || problem === null ? [] : [{ name, status: "refused", message: `The text holds ${problem}.` }],
  );
  const [first] = readable;
  if (!first) return refused;
  const mode = peer?.mode ?? "overwrite";
  const originMemberId = await originOf(call, peer);
  const receipt = { items: readable, mode, originMemberId, sender: senderOf(call, peer, first.text) };
  const address = call.request.headers.get(CLIENT_HEADER) ?? "";
  const ask = askAboutSent({ address, serverId: peer?.serverId ?? null }, readable);
  return [...refused, ...(await receiveUnheld(call.server, call.actor, receipt, ask))];
}

/** Bulk: creates what is missing, overwrites what is there. */
const synczones: Command = async (call) => {
  const peer = peerCaller(call);
  const zones = call.form.zones();
  if (peer) {
    const outcomes = await receive(call, checkSums(call, zones), peer);
    await againWhere(call, outcomes, "unchanged");
    return WireAnswer.json(pushAnswer(zones, outcomes), { headers: { "cache-control": "no-store" } });
  }
  return doOnce(call, async () => plainAnswer(call, await receive(call, zones, null)));
};

/** What the caller saw served otherwise is loaded once more, where nothing else about it changed. */
async function againWhere(
  { server, actor, form }: Call,
  outcomes: readonly { readonly name: string; readonly status: string }[],
  status: "unchanged" | "absent",
): Promise<void> {
  const asked = new Set(form.zoneNames(AGAIN_FIELD));
  const names = outcomes.filter((outcome) => outcome.status === status && asked.has(outcome.name));
  if (names.length > 0)
    await loadAgain(
      server,
      actor,
      names.map(({ name }) => name),
    );
}

/** What came in part is refused: under the serial of the whole it would pass for it. */
function checkSums({ form }: Call, zones: readonly FormZone[]): FormZone[] {
  const sums = sentSums(form.fields);
  return zones.map((zone) => {
    const sum = sums.get(zone.name ?? "");
    if (sum === undefined || zone.problem !== null || sum === textSum(zone.text)) return zone;
    return { ...zone, problem: "something else than was sent: it was cut off or changed on the way" };
  });
}

function pushAnswer(zones: readonly FormZone[], outcomes: readonly ReceiveOutcome[]): PushReply {
  const nameless = zones.filter(({ name }) => name === undefined);
  return {
    zones: [
      ...nameless.map(({ given }) => ({
        zone: given.slice(0, 300),
        status: "refused" as const,
        message: "This is not a zone name.",
      })),
      ...outcomes.map((outcome): PushReply["zones"][number] => {
        const zone = wireName(outcome.name);
        if (outcome.status === "refused") return { zone, status: "refused", message: outcome.message };
        if (outcome.status !== "newer-here") return { zone, status: outcome.status };
        return { zone, status: "newer-here", text: outcome.text, updatedAt: outcome.updatedAt };
      }),
    ],
  };
}

function plainAnswer(call: Call, outcomes: readonly ReceiveOutcome[]): string {
  const refused = outcomes.filter((outcome) => outcome.status === "refused");
  if (refused.length > 0)
    log.warn("Zones from a member were refused", {
      user: call.actor.username,
      address: call.actor.address,
      zones: refused.slice(0, 20).map(({ name, message }) => `${name} ${message}`),
      count: refused.length,
    });
  const lines = refused.map(({ name, message }) => `${wireName(name)} => refused: ${message.replace(/\s+/g, " ")}\n`);
  return `${outcomes.length - refused.length} zones synchronized\n${lines.join("")}`;
}

/** One zone, present or not. */
const savezone: Command = (call) =>
  doOnce(call, async () => plainAnswer(call, await receive(call, [oneZone(call)], null)));

const quickzoneadd: Command = (call) =>
  doOnce(call, async () => {
    const outcomes = await receive(call, [oneZone(call)], null);
    const [outcome] = outcomes;
    if (!outcome || outcome.status === "refused") return plainAnswer(call, outcomes);
    return `Zone ${wireName(outcome.name)} has been successfully added\n`;
  });

/** `zone` and `zonedata` of the commands for one zone. @throws AppError "invalid-input" */
function oneZone({ form }: Call): FormZone {
  const name = form.zoneName("zone");
  const data = form.fields.findLast((field) => field.name === "zonedata");
  return { given: name, name, text: data?.value ?? form.required("zonedata"), problem: data?.problem ?? null };
}

/** `zone` for one, `zones` for a list; a zone that is not here is as gone as it shall be. */
const removezones: Command = async (call) => {
  const names = [...new Set([...call.form.zoneNames("zone"), ...call.form.zoneNames("zones")])];
  const peer = peerCaller(call);
  const remove = async () =>
    removeReceivedZones(call.server, call.actor, {
      names,
      mode: peer?.mode ?? "overwrite",
      originMemberId: await originOf(call, peer),
      sender: senderOf(call, peer, ""),
      ...(peer ? { stamps: goneStamps(call.form.fields) } : {}),
    });
  if (peer) {
    const outcomes = await remove();
    await againWhere(call, outcomes, "absent");
    const answer: RemoveReply = {
      zones: outcomes.map(({ name, ...outcome }) => ({ zone: wireName(name), ...outcome })),
    };
    return WireAnswer.json(answer, { headers: { "cache-control": "no-store" } });
  }
  return doOnce(call, async () => {
    const hostname = await ownHostname(call.server);
    const lines = (await remove()).map((outcome) => {
      const { name } = outcome;
      if (outcome.status === "refused") return `${wireName(name)} => refused: ${outcome.message}\n`;
      return outcome.status === "deleted"
        ? `${wireName(name)} => deleted from ${hostname}. \n`
        : `${wireName(name)} => is not on ${hostname}. \n`;
    });
    return lines.join("");
  });
};

export const writeCommands = {
  synczones_local: synczones,
  savezone_local: savezone,
  quickzoneadd_local: quickzoneadd,
  removezone_local: removezones,
  removezones_local: removezones,
} satisfies Record<string, Command>;
