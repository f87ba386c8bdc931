import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";
import type { DnsAddress } from "@/lib/drivers/driver";
import { BACKENDS } from "@/lib/members/backends";
import { isWorkedOn } from "@/lib/members/held";
import { readReaches } from "@/lib/members/reach";
import { readSettings } from "@/lib/settings/settings";
import type { Round } from "@/lib/sync/pace";
import type { Reach } from "@/lib/sync/reach";

/** Where the local nameserver answers; null while it does not run. */
export type LocalAddresses = () => readonly DnsAddress[] | null;

/** A target whose nameserver is looked at: members that are held are not. */
export interface SweptTarget {
  readonly id: number;
  /** null: the local nameserver. */
  readonly memberId: number | null;
  readonly reach: Reach;
  /** Empty: it does not say. null: the local nameserver, while it does not run. */
  readonly addresses: readonly DnsAddress[] | null;
  /** It numbers zones itself and may hold a part of them: only whether it answers for a zone can be told. */
  readonly hasOwnSerials: boolean;
  /** `zoneId`: the last zone that was looked at in the round. */
  readonly sweep: Round & { readonly zoneId: number; readonly isHurried: boolean };
  readonly content: Round & { readonly zoneId: number };
}

interface Row {
  readonly id: number | bigint;
  readonly memberId: number | bigint | null;
  readonly dnsAddresses: string | null;
  readonly backend: string | null;
  readonly sweepZoneId: number | bigint;
  readonly sweepBeganAt: bigint | null;
  readonly sweepEndedAt: bigint | null;
  readonly isSweepHurried: boolean | number;
  readonly contentZoneId: number | bigint;
  readonly contentBeganAt: bigint | null;
  readonly contentEndedAt: bigint | null;
}

/** Every target that the engine works on, with where its nameserver answers and how far its rounds are. */
export async function sweptTargets({ db }: Pick<Context, "db">, local: LocalAddresses): Promise<SweptTarget[]> {
  const { isEnabled } = await readSettings(db.client, "cluster");
  const [rows, reaches] = await Promise.all([
    db.client.$queryRaw<Row[]>(sql`
      SELECT t."id", t."memberId", a."dnsAddresses", a."backend", t."sweepZoneId", t."sweepBeganAt", t."sweepEndedAt", t."isSweepHurried", t."contentZoneId",
        t."contentBeganAt", t."contentEndedAt"
      FROM "Target" t LEFT JOIN "Member" a ON a."id" = t."memberId" WHERE ${isEnabled ? isWorkedOn : sql`t."memberId" IS NULL`} ORDER BY t."id"`),
    isEnabled ? readReaches(db.client) : null,
  ]);
  return rows.map((row): SweptTarget => {
    const memberId = row.memberId === null ? null : Number(row.memberId);
    return {
      id: Number(row.id),
      memberId,
      reach: memberId === null ? { kind: "every" } : (reaches?.get(memberId)?.reach ?? { kind: "none" }),
      addresses: memberId === null ? local() : (JSON.parse(row.dnsAddresses ?? "[]") as DnsAddress[]),
      hasOwnSerials: BACKENDS.some(({ value, isService }) => value === row.backend && isService),
      sweep: {
        ...{ zoneId: Number(row.sweepZoneId), isHurried: Boolean(row.isSweepHurried) },
        ...{ beganAt: instant(row.sweepBeganAt), endedAt: instant(row.sweepEndedAt) },
      },
      content: {
        zoneId: Number(row.contentZoneId),
        ...{ beganAt: instant(row.contentBeganAt), endedAt: instant(row.contentEndedAt) },
      },
    };
  });
}

function instant(value: bigint | null): number | null {
  return value === null ? null : Number(value);
}
