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

interface OverFinding extends AddressFinding {
  readonly over: "udp" | "tcp";
}

export type TargetAddresses = ReturnType<typeof createTargetAddresses>;

/** Keeps how each address of a target answers, over UDP and over TCP, each with its time. */
export function createTargetAddresses({ db, clock }: Pick<Context, "db" | "clock">) {
  const written = new Map<string, { readonly isSilent: boolean; readonly at: number }>();
  const keyOf = (targetId: number, { over, address }: OverFinding) => `${targetId} ${over} ${formatAddress(address)}`;

  function isNews(targetId: number, finding: OverFinding, at: number): boolean {
    const before = written.get(keyOf(targetId, finding));
    return before?.isSilent !== (finding.reason !== null) || at - before.at >= PRECISION_MS || at < before.at;
  }

  /** @param addresses all that the target has: others are forgotten */
  async function store(
    targetId: number,
    findings: readonly OverFinding[],
    addresses?: readonly DnsAddress[],
  ): Promise<void> {
    const at = clock.now();
    const news = findings.filter((finding) => isNews(targetId, finding, at));
    if (news.length === 0 && !addresses) return;
    await db.relaxedTransaction(async (tx) => {
      if (addresses) await tx.$executeRaw(forgetting(targetId, addresses));
      for (const finding of news) await tx.$executeRaw(writing(targetId, finding, at));
    }, "proof.addresses");
    for (const finding of news) written.set(keyOf(targetId, finding), { isSilent: finding.reason !== null, at });
  }

  return {
    noteUdp: (targetId: number, findings: readonly AddressFinding[]): Promise<void> =>
      store(
        targetId,
        findings.map((finding) => ({ ...finding, over: "udp" })),
      ),
    /** Asks each address over UDP, and over TCP, which has to be open as well (RFC 7766); forgets those that the target has no more. */
    async check(targetId: number, addresses: readonly DnsAddress[], zone: string, signal: AbortSignal): Promise<void> {
      const findings = await Promise.all(addresses.map((address) => askBoth(address, zone, signal)));
      await store(targetId, findings.flat(), addresses);
    },
  };
}

async function askBoth(address: DnsAddress, zone: string, signal: AbortSignal): Promise<OverFinding[]> {
  const options = { timeoutMs: TIMEOUT_MS, signal };
  const [udp, tcp] = await Promise.all([
    querySoa(address, zone, options),
    querySoa(address, zone, { ...options, tcp: true }),
  ]);
  return [
    { address, over: "udp", reason: silenceReason(udp) },
    // A port that takes connections and answers nothing is as good as closed.
    { address, over: "tcp", reason: tcp.status === "malformed" ? tcp.reason : silenceReason(tcp) },
  ];
}

function forgetting(targetId: number, addresses: readonly DnsAddress[]) {
  const isStill = addresses.map(({ address, port }) => sql`("address" = ${address} AND "port" = ${port})`);
  return sql`DELETE FROM "TargetAddress" WHERE "targetId" = ${targetId} AND NOT (${join(isStill, " OR ")})`;
}

/** Nothing for a target that was deleted meanwhile. */
function writing(targetId: number, { over, address: { address, port }, reason }: OverFinding, at: number) {
  const [state, since, other] =
    over === "udp"
      ? [sql`"udpState"`, sql`"udpAt"`, sql`"tcpState"`]
      : [sql`"tcpState"`, sql`"tcpAt"`, sql`"udpState"`];
  return sql`
    INSERT INTO "TargetAddress" ("targetId", "address", "port", ${state}, ${since}, "detail")
    SELECT "id", CAST(${address} AS TEXT), CAST(${port} AS INTEGER), CAST(${reason === null ? "answers" : "silent"} AS TEXT), CAST(${at} AS BIGINT),
      CAST(${reason} AS TEXT) FROM "Target" WHERE "id" = ${targetId}
    ON CONFLICT ("targetId", "address", "port") DO UPDATE SET ${state} = excluded.${state}, ${since} = excluded.${since},
      "detail" = CASE WHEN excluded."detail" IS NOT NULL THEN excluded."detail" WHEN "TargetAddress".${other} = 'silent' THEN "TargetAddress"."detail" END`;
}
