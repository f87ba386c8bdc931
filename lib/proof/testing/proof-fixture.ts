import type { UserActor } from "@/lib/access/actor";
import type { TestContext } from "@/lib/db/testing/test-context";
import { writeSettings } from "@/lib/settings/settings";
import { createZone } from "@/lib/zones/service";

const text = (name: string) => `$ORIGIN ${name}
$TTL 3600
@ SOA ns1.example.net. hostmaster.example.net. 1 7200 3600 1209600 3600
@ NS ns1.example.net.
`;

/** Columns of ZoneTarget beside its keys. */
type PairColumns = Partial<
  Omit<Awaited<ReturnType<TestContext["db"]["client"]["zoneTarget"]["findFirstOrThrow"]>>, "zoneId" | "targetId">
>;

/** A fleet on paper: targets whose cursors are at the end, zones, and what is stored of each at each. */
export function proofFixture(ctx: TestContext) {
  const db = ctx.db.client;
  const newest = async () => (await db.zone.aggregate({ _max: { changeSeq: true } }))._max.changeSeq ?? 0n;
  return {
    enableClustering: (isEnabled: boolean) => ctx.db.transaction((tx) => writeSettings(tx, "cluster", { isEnabled })),
    async addTarget(owner: UserActor | null, hostname = ""): Promise<{ targetId: number; memberId: number }> {
      const member =
        owner &&
        (await db.member.create({
          data: {
            ...{ ownerId: owner.userId, hostname, address: "192.0.2.1", username: "root", backend: "whm" },
            ...{ role: "sync", sealedCredential: "", createdAt: 0n },
            dnsAddresses: JSON.stringify([{ address: "192.0.2.1", port: 53 }]),
          },
        }));
      const { id } = await db.target.create({ data: { memberId: member?.id ?? null, createdAt: 0n } });
      return { targetId: id, memberId: member?.id ?? 0 };
    },
    async addZone(owner: UserActor, name: string): Promise<{ zoneId: number; seq: bigint }> {
      await createZone(ctx, owner, { name, text: text(name) });
      const { id, changeSeq } = await db.zone.findUniqueOrThrow({ where: { name } });
      return { zoneId: id, seq: changeSeq };
    },
    /** Every target was told of everything. */
    async passAll(): Promise<void> {
      await db.target.updateMany({ data: { seenSeq: await newest() } });
    },
    /** As if the zone's present state was acknowledged there and is served, but for `changes`. */
    async store(zoneId: number, targetId: number, changes: PairColumns = {}): Promise<void> {
      const zone = await db.zone.findUniqueOrThrow({ where: { id: zoneId } });
      const served = {
        ...{ ackSeq: zone.changeSeq, ackSerial: zone.serial, ackDigest: zone.digest, ackAt: 1_000n },
        ...{ observedSerial: zone.serial, observedState: "served", observedAt: 2_000n },
        ...{ observedDetail: null, verifySeq: null, verifyAt: null, verifyAttempts: 0 },
        ...{ failedSeq: null, attempts: 0, retryAt: null, errorKind: null, error: null },
        ...{ problem: null, problemSince: null },
        ...changes,
      };
      await db.zoneTarget.upsert({
        where: { zoneId_targetId: { zoneId, targetId } },
        create: { zoneId, targetId, ...served },
        update: served,
      });
    },
  };
}
