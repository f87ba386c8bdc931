import type { DnsAddress } from "@/lib/drivers/driver";
import { DriverError } from "@/lib/errors";
import type { ServerContext } from "@/lib/server/testing/open-context";
import { axfr } from "@/lib/wire/axfr";
import { zoneReceipts } from "@/lib/zones/receipts";
import type { Fleet } from "./fleet";

/**
 * What is not as it shall be when nothing is wrong, in words; none: every nameserver has every zone with the same content, in which nothing is missing that
 * was acknowledged; the engine has nothing left to do at any target; every receipt ends in "served"; and no member has a failure on its account.
 */
export async function unsettled(fleet: Fleet): Promise<string[]> {
  return [
    ...(await unsettledTargets(fleet)),
    ...(await Promise.all([...fleet.acknowledged.keys()].map((zone) => unsettledZone(fleet, zone)))).flat(),
  ];
}

async function unsettledTargets({ web1 }: Fleet): Promise<string[]> {
  const { client } = web1.db;
  const [sequence] = await client.$queryRaw<{ value: bigint }[]>`SELECT "value" FROM "ChangeSequence"`;
  const head = Number(sequence?.value);
  const targets = await client.target.findMany();
  const members = await client.member.findMany();
  const set = await client.zoneTarget.count({
    where: { OR: [{ failedSeq: { not: null } }, { retryAt: { not: null } }] },
  });
  return [
    ...(set > 0 ? [`${set} zones are set aside`] : []),
    ...targets
      .filter(
        ({ floorSeq, backlogSeq, needsCompare, attempts, retryAt }) =>
          floorSeq < backlogSeq || needsCompare || attempts > 0 || retryAt > 0n,
      )
      .map(({ id, error }) => `target ${id} has work left: ${error}`),
    // A number that was taken and not used is a harmless gap, so the cursor may stand behind the sequence only where no zone is.
    ...(
      await Promise.all(
        targets.map(async ({ id, seenSeq }) => {
          const behind = await client.zone.count({ where: { changeSeq: { gt: seenSeq, lte: BigInt(head) } } });
          return behind > 0 ? [`target ${id} has not seen ${behind} zones`] : [];
        }),
      )
    ).flat(),
    ...members
      .filter(
        ({ failures, disabledAt, pausedAt, recoveringAt }) => failures > 0 || disabledAt || pausedAt || recoveringAt,
      )
      .map(({ hostname, failures, lastError }) => `${hostname} has ${failures} failures: ${lastError}`),
  ];
}

async function unsettledZone({ web1, cluster, acknowledged }: Fleet, zone: string): Promise<string[]> {
  const name = `${zone}.`;
  const receipts = (await zoneReceipts(web1, web1.root, { name })).targets
    .filter(({ state }) => state !== "served")
    .map(({ label, state, detail, error }) => `${zone} is ${state} at ${label}: ${error ?? detail}`);
  if (receipts.length > 0) return receipts;
  const [first, ...others] = await Promise.all(cluster.servers.map(({ dns }) => content(dns, name)));
  const missing = [...(acknowledged.get(zone) ?? [])].filter((label) => !first?.includes(`${label}.${name}`));
  return [
    ...missing.map((label) => `${zone} lost ${label}`),
    ...(others.every((other) => other === first) ? [] : [`${zone} differs between nameservers`]),
  ];
}

/** All of a zone as a nameserver has it, as text; what stands for nothing: why it could not be had. */
export async function content(server: DnsAddress, name: string): Promise<string> {
  const records: string[] = [];
  try {
    for await (const { owner, ttl, type, rdata } of axfr(server, name, { timeoutMs: 10_000 }))
      records.push(`${owner} ${ttl} ${type} ${rdata}`);
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    return error.message;
  }
  return records.sort().join("\n");
}

/** Waits for what comes by itself, however long this machine takes for it. @throws Error with what is missing, after a minute */
export async function until(what: string, look: () => Promise<readonly string[]>): Promise<void> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const missing = await look();
    if (missing.length === 0) return;
    if (performance.now() > deadline) throw new Error(`Waited too long until ${what}:\n${missing.join("\n")}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Whether a record of a zone is answered at every one of these. */
export async function lacking(nameservers: readonly DnsAddress[], zone: string, label: string): Promise<string[]> {
  const texts = await Promise.all(nameservers.map((server) => content(server, `${zone}.`)));
  return texts.flatMap((text, at) =>
    text.includes(`${label}.${zone}.`) ? [] : [`${label}.${zone} at ${nameservers[at]?.address}`],
  );
}

/** "Try again now" of the cluster page, for everything that waits: no test waits for a pause to end. */
export async function endPauses({ db, clock }: ServerContext): Promise<void> {
  const now = BigInt(clock.now());
  await db.transaction(async (tx) => {
    await tx.target.updateMany({ where: { retryAt: { gt: 0n } }, data: { retryAt: 0n } });
    await tx.zoneTarget.updateMany({ where: { retryAt: { not: null } }, data: { retryAt: now } });
    await tx.zoneTarget.updateMany({ where: { verifyAt: { not: null } }, data: { verifyAt: now } });
  });
}

/** Nobody waits for a pause that the engine gave while something was broken. */
export async function settle(fleet: Fleet): Promise<void> {
  let nextPush = 0;
  await until("all is well again", async () => {
    const problems = await unsettled(fleet);
    if (problems.length > 0 && performance.now() > nextPush) {
      await endPauses(fleet.web1);
      nextPush = performance.now() + 1_000;
    }
    return problems;
  });
}
