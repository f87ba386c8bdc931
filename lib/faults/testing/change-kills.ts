import { expect } from "vitest";
import { startWhmEmulator, type WhmEmulator } from "@/e2e/emulators/whm/whm-emulator";
import { applyReplace, planReplace } from "@/lib/change-sets/replace";
import { replaceRequest } from "@/lib/change-sets/schemas";
import { undoChangeSet } from "@/lib/change-sets/undo";
import { newMemberSchema } from "@/lib/members/schemas";
import { addMember, deleteMember } from "@/lib/members/service";
import { getZone } from "@/lib/zones/queries";
import { replaceZone } from "@/lib/zones/service";
import type { Fleet } from "./fleet";
import { freshNumber, type Kill, zoneOf } from "./kill";
import { until } from "./settled";

/** Kills while a change set is carried out, and while a copy is kept that is about to be replaced. */

const [OLD, NEW] = ["192.0.2.1", "192.0.2.77"];
let set = 0;

const stateOf = async ({ web1 }: Fleet, id: number) =>
  (await web1.db.client.changeSet.findUniqueOrThrow({ where: { id } })).state;

/** Agrees to the plan when it is ready. */
async function untilCarriedOut(fleet: Fleet, id: number): Promise<void> {
  await until("the change set has ended", async () => {
    const state = await stateOf(fleet, id);
    if (state === "ready") await applyReplace(fleet.web1, fleet.web1.root, { id });
    return state === "done" ? [] : [state];
  });
}

/** Zones that have the address, also those whose making was never acknowledged. */
async function zonesWith({ web1 }: Fleet, address: string): Promise<string[]> {
  const rows = await web1.db.client.zone.findMany({ where: { deletedAt: null }, orderBy: { id: "asc" } });
  const zones = await Promise.all(rows.map(({ name }) => getZone(web1, web1.root, name)));
  const has = zones.filter(({ zone }) => zone.rrsets.some(({ rdatas }) => rdatas.includes(address)));
  return has.map(({ name }) => name);
}

let before: readonly string[] = [];

/** An address is replaced in all zones that have it, and that is undone. */
export const changeSet: Kill = {
  isAtStart: true,
  async before(fleet) {
    before = await zonesWith(fleet, OLD);
    expect(before.length).toBeGreaterThan(0);
  },
  async lead(fleet) {
    const { web1 } = fleet;
    const request = replaceRequest.parse({ type: "A", from: OLD, to: NEW, reason: "" });
    if (set === 0) set = (await planReplace(web1, web1.root, request)).id;
    untilCarriedOut(fleet, set).catch(() => undefined);
  },
  async after(fleet) {
    const { web1 } = fleet;
    await untilCarriedOut(fleet, set);
    const items = await web1.db.client.changeItem.findMany({ where: { changeSetId: set } });
    expect(items.map(({ state }) => state)).toEqual(before.map(() => "done"));
    const revisions = await web1.db.client.revision.findMany({ where: { changeSetId: set } });
    expect(new Set(revisions.map(({ zoneId }) => zoneId)).size).toBe(before.length);
    expect(revisions).toHaveLength(before.length);
    expect([await zonesWith(fleet, NEW), await zonesWith(fleet, OLD)]).toEqual([before, []]);
    const { id } = await undoChangeSet(web1, web1.root, { id: set });
    await untilCarriedOut(fleet, id);
    expect([await zonesWith(fleet, NEW), await zonesWith(fleet, OLD)]).toEqual([[], before]);
  },
};

let whm: WhmEmulator;
let whmId = 0;
const changed: { readonly zone: string; readonly there: string; readonly here: string }[] = [];

/** Somebody changed a copy at a WHM, and then the zone is edited at web1. */
export const overwritten: Kill = {
  isAtStart: true,
  async before({ web1, acknowledged }) {
    const token = "WHMTOKEN0123456789";
    whm = await startWhmEmulator({ token });
    const form = { backend: "whm", host: `127.0.0.1:${whm.port}`, username: "root", token, role: "sync", pin: whm.pin };
    whmId = (await addMember(web1, web1.root, newMemberSchema.parse(form))).id;
    const { target, zoneTarget } = web1.db.client;
    const { id: targetId } = await target.findUniqueOrThrow({ where: { memberId: whmId } });
    await until("it is known to have all zones", async () => {
      const count = await zoneTarget.count({ where: { targetId, ackSeq: { gt: 0n } } });
      return count < acknowledged.size ? [`${count} of ${acknowledged.size}`] : [];
    });
  },
  async lead(fleet) {
    const { web1 } = fleet;
    const zone = zoneOf(fleet);
    const [there, here] = [`there${freshNumber()}`, `here${freshNumber()}`];
    changed.push({ zone, there, here });
    whm.zones.set(zone, `${whm.zones.get(zone)}\n${there}.${zone}. 300 IN A 192.0.2.9\n`);
    const { name, text } = await getZone(web1, web1.root, `${zone}.`);
    await replaceZone(web1, web1.root, { name, text: `${text}\n${here}.${name} 300 IN A 192.0.2.9\n` });
  },
  async after({ web1 }) {
    await until("the WHM has what is here", async () =>
      changed.flatMap(({ zone, here }) => (whm.zones.get(zone)?.includes(here) ? [] : [`${here}.${zone}`])),
    );
    const kept = await web1.db.client.conflict.findMany({ where: { memberId: whmId } });
    const copies = (word: string) => kept.filter(({ lostText }) => lostText.includes(word)).length;
    expect(changed.map(({ there }) => copies(there))).toEqual(changed.map(() => 1));
    await deleteMember(web1, web1.root, { id: whmId });
    await whm.close();
  },
};
