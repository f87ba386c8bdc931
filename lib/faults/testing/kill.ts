import type { FaultPoint } from "@/lib/fault-points";
import { openContext } from "@/lib/server/testing/open-context";
import { createZone } from "@/lib/zones/service";
import type { Fleet } from "./fleet";

/** How a server gets to a step, and what is left to do once it was killed there and started again. */
export interface Kill {
  /** Default: web1. */
  readonly victim?: "web1" | "ns1";
  /** The step is taken when the server starts: `lead` runs while it is stopped. Steps that share such a way are one trial, in which a start ends in the next kill. */
  readonly isAtStart?: true;
  /** For the starts that end in a kill. */
  readonly nodeFlags?: readonly string[];
  /** ns1 is disabled once on the way, and people are told once of the begin and once of the end. */
  readonly isEpisode?: true;
  /** Done before the server is armed. */
  before?(fleet: Fleet): Promise<void>;
  /** Leads to the point. It may end before, after or with the server. */
  lead(fleet: Fleet, point: FaultPoint): Promise<unknown>;
  /** Once the server runs again: what has to be true in the end, apart from what all kills have in common. */
  after?(fleet: Fleet, when: "before" | "after"): Promise<void>;
}

/** Ways that do not meet: a server that starts goes all of them, and is looked at once for all. */
export function together(...kills: readonly Kill[]): Kill {
  return {
    isAtStart: true,
    async before(fleet) {
      for (const kill of kills) await kill.before?.(fleet);
    },
    async lead(fleet, point) {
      for (const kill of kills) await kill.lead(fleet, point);
    },
    async after(fleet, when) {
      for (const kill of kills) await kill.after?.(fleet, when);
    },
  };
}

/** Names that are used once. */
let names = 0;
export const fresh = (word: string) => `${word}${++names}.example`;
export const freshNumber = () => ++names;

/** The zones of the fleet in turn. */
export const zoneOf = ({ acknowledged }: Fleet) => [...acknowledged.keys()][names++ % acknowledged.size] ?? "";
export const edit = (fleet: Fleet) => fleet.edit(zoneOf(fleet));

export const memberOf = ({ web1, memberIds }: Fleet) =>
  web1.db.client.member.findUniqueOrThrow({ where: { id: memberIds.ns1 } });

export const DAYS_AGO = BigInt(Date.now() - 400 * 24 * 60 * 60_000);

export const ZONE_TEXT = `$TTL 300\n@ SOA ns1.example.net. hostmaster.example.net. 1 3600 900 1209600 300\n@ NS ns1.example.net.\n`;

/** A zone that only ns1 has. @returns what it says of it */
export async function createAtNs1({ cluster }: Fleet, zone: string): Promise<{ serial: bigint; digest: string }> {
  const ns1 = await openContext(cluster.variables("ns1"));
  try {
    await createZone(ns1, ns1.root, { name: `${zone}.`, text: ZONE_TEXT });
    return await ns1.db.client.zone.findUniqueOrThrow({
      where: { name: `${zone}.` },
      select: { serial: true, digest: true },
    });
  } finally {
    await ns1.close();
  }
}
