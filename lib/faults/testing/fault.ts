import { expect } from "vitest";
import type { DriverErrorKind } from "@/lib/errors";
import { enableMember } from "@/lib/members/enable-member";
import { type Fleet, nameserversBut, setThreshold } from "./fleet";
import { endPauses, lacking, settle, until } from "./settled";
import { after, told } from "./told";

export type ServerName = "web1" | "ns1" | "ns2";

/** Something that is broken on purpose, and what has to be true while it lasts. */
export interface Fault {
  readonly name: string;
  /** Servers whose nameservers do not get an edit while it lasts. */
  readonly behind: readonly ServerName[];
  /** Servers whose nameservers may be silent while it lasts. */
  readonly silent?: readonly ServerName[];
  /** @param zone that is edited next. @returns what ends it */
  begin(fleet: Fleet, zone: string): Promise<() => Promise<unknown>>;
  /** An edit at web1 is not acknowledged before it ends: web1 itself is ill. */
  readonly isUneditable?: true;
  /** Whether an edit at web1 is acknowledged while it lasts cannot be told. */
  readonly mayRefuseEdits?: true;
  /** The member that it is about. Default: ns1. */
  readonly at?: "ns1" | "ns2";
  /** What the member is said to have failed with while it lasts. */
  readonly failure?: DriverErrorKind;
  /** The member is disabled after so many failures, otherwise never. */
  readonly threshold?: number;
  /** One zone is set aside, and nothing is held against the member. */
  readonly setsAside?: DriverErrorKind;
  /** How long it goes on once all of this was looked at: as long as something takes to notice it. */
  readonly lastsMs?: number;
  /** More that is so while it lasts. */
  meanwhile?(fleet: Fleet, edited: { readonly zone: string }): Promise<void>;
}

/** Breaks it, looks, mends it, looks again. */
export async function tryFault(fleet: Fleet, fault: Fault, zone: string): Promise<void> {
  const healthy = nameserversBut(fleet, fault.behind);
  const memberId = fleet.memberIds[fault.at ?? "ns1"];
  const before = await told(fleet, memberId);
  await setThreshold(fleet.web1, fault.threshold ?? 0);
  await fleet.querier.ask(nameserversBut(fleet, fault.silent ?? []));

  const end = await fault.begin(fleet, zone);
  let edited: Promise<string | null> = Promise.resolve(null);
  try {
    edited = fleet.edit(zone);
    if (!fault.isUneditable && !fault.mayRefuseEdits) {
      const label = await edited;
      expect(label, "the edit is acknowledged").not.toBeNull();
      await until("healthy nameservers serve it", () => lacking(healthy, zone, label ?? ""));
      await heldAgainst(fleet, fault, memberId);
    }
    await fault.meanwhile?.(fleet, { zone });
    await fleet.querier.round();
    if (fault.lastsMs) await pause(fault.lastsMs);
    if (fault.isUneditable) expect(await Promise.race([edited, "it waits"])).toBe("it waits");
  } finally {
    await end();
  }
  const label = await edited;
  if (!fault.mayRefuseEdits) expect(label, "the edit is acknowledged").not.toBeNull();
  if (fault.threshold) await enableMember(fleet.web1, fleet.web1.root, { id: memberId });
  await settle(fleet);

  expect(await told(fleet, memberId)).toEqual(after(before, fault.threshold ? 1 : 0));
  expect(await fleet.querier.unanswered()).toEqual([]);
}

async function heldAgainst(fleet: Fleet, { failure, threshold, setsAside, behind }: Fault, id: number): Promise<void> {
  const { web1 } = fleet;
  const member = () => web1.db.client.member.findUniqueOrThrow({ where: { id } });
  if (setsAside) {
    const where = { errorKind: setsAside, retryAt: { not: null } };
    await until("the zone is set aside", async () =>
      (await web1.db.client.zoneTarget.count({ where })) === 1 ? [] : [`no zone is set aside as ${setsAside}`],
    );
  }
  if (failure) {
    // An edit on its way waits a minute for its answer; what is asked for now is given up much sooner.
    if (!threshold) await web1.db.client.member.update({ where: { id }, data: { lastPullAt: null } });
    await until("the failure is told", async () => {
      const { lastErrorKind, lastError } = await member();
      return lastErrorKind === failure ? [] : [`${lastErrorKind}: ${lastError}`];
    });
  }
  if (threshold) {
    await until("the member is disabled", async () => {
      const { disabledAt, failures } = await member();
      if (disabledAt === null) await endPauses(web1);
      return disabledAt === null ? [`${failures} failures`] : [];
    });
    expect(await member()).toMatchObject({ failures: threshold, disabledKind: failure });
    await expectNoCalls(fleet, behind, id);
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A disabled member is left alone, whatever is edited, also once no pause keeps anybody from it: a call would fail, and failures are counted at its target. */
async function expectNoCalls(fleet: Fleet, behind: Fault["behind"], memberId: number): Promise<void> {
  const { web1, link, acknowledged } = fleet;
  const target = () =>
    web1.db.client.target.findUniqueOrThrow({ where: { memberId }, select: { attempts: true, errorAt: true } });
  await endPauses(web1);
  const before = { calls: link.connections(), ...(await target()) };
  const [zone = ""] = acknowledged.keys();
  // The second one is served after the engine has looked at all targets for the first.
  for (let edits = 0; edits < 2; edits++) {
    const label = await fleet.edit(zone);
    await until("it is served", () => lacking(nameserversBut(fleet, behind), zone, label ?? ""));
  }
  expect({ calls: link.connections(), ...(await target()) }).toEqual(before);
}
