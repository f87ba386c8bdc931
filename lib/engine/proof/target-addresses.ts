import type { Context } from "@/lib/context";
import { join, sql } from "@/lib/db/database";
import { type DnsAddress, formatAddress } from "@/lib/wire/dns-address";
import { querySoa } from "@/lib/wire/query";
import { silenceReason } from "../observe";

/** How old "it answers" may grow before it is written again. */
const PRECISION_MS = 60_000;
const TIMEOUT_MS = 3_000;

/** What was found at one address; `reason` null: it answers. */
export interface AddressFinding {
  readonly address: DnsAddress;
  readonly reason: string | null;
}

export type TargetAddresses = ReturnType<typeof createTargetAddresses>;

/** Keeps how each address of a target answers, over UDP and over TCP, each with its time. */
export function createTargetAddresses({ db, clock }: Pick<Context, "db" | "clock">) {
  const written = new Map<string, { readonly isSilent: boolean; readonly at: number }>();

  async function write(targetId: number, over: "udp" | "tcp", { address, reason }: AddressFinding): Promise<void> {
    const at = clock.now();
    const key = `${targetId} ${over} ${formatAddress(address)}`;
    const before = written.get(key);
    if (before?.isSilent === (reason !== null) && at - before.at < PRECISION_MS && at >= before.at) return;
    written.set(key, { isSilent: reason !== null, at });
    const [state, since, other] =
      over === "udp"
        ? [sql`"udpState"`, sql`"udpAt"`, sql`"tcpState"`]
        : [sql`"tcpState"`, sql`"tcpAt"`, sql`"udpState"`];
    // Nothing for a target that was deleted meanwhile.
    await db.client.$executeRaw(sql`
      INSERT INTO "TargetAddress" ("targetId", "address", "port", ${state}, ${since}, "detail")
      SELECT "id", CAST(${address.address} AS TEXT), CAST(${address.port} AS INTEGER), CAST(${reason === null ? "answers" : "silent"} AS TEXT), CAST(${at} AS BIGINT),
        CAST(${reason} AS TEXT) FROM "Target" WHERE "id" = ${targetId}
      ON CONFLICT ("targetId", "address", "port") DO UPDATE SET ${state} = excluded.${state}, ${since} = excluded.${since},
        "detail" = CASE WHEN excluded."detail" IS NOT NULL THEN excluded."detail" WHEN "TargetAddress".${other} = 'silent' THEN "TargetAddress"."detail" END`);
  }

  return {
    async noteUdp(targetId: number, findings: readonly AddressFinding[]): Promise<void> {
      for (const found of findings) await write(targetId, "udp", found);
    },
    /** Asks each address over UDP, and over TCP, which has to be open as well (RFC 7766); forgets those that the target has no more. */
    async check(targetId: number, addresses: readonly DnsAddress[], zone: string, signal: AbortSignal): Promise<void> {
      const isStill = addresses.map(({ address, port }) => sql`("address" = ${address} AND "port" = ${port})`);
      await db.client.$executeRaw(
        sql`DELETE FROM "TargetAddress" WHERE "targetId" = ${targetId} AND NOT (${join(isStill, " OR ")})`,
      );
      await Promise.all(
        addresses.map(async (address) => {
          const options = { timeoutMs: TIMEOUT_MS, signal };
          const [udp, answer] = await Promise.all([
            querySoa(address, zone, options),
            querySoa(address, zone, { ...options, tcp: true }),
          ]);
          await write(targetId, "udp", { address, reason: silenceReason(udp) });
          // A port that takes connections and answers nothing is as good as closed.
          const reason = answer.status === "malformed" ? answer.reason : silenceReason(answer);
          await write(targetId, "tcp", { address, reason });
        }),
      );
    },
  };
}
