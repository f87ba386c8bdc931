import type { z } from "zod";
import type { RemoteZone, ZoneOutcome, ZoneWork } from "@/lib/drivers/driver";
import { DriverError } from "@/lib/errors";
import { parseJson, type WhmConnection } from "./connection";
import {
  digestPage,
  goneField,
  MODE_HEADER,
  type PushMode,
  pushReply,
  removeReply,
  SERVER_HEADER,
  sumField,
  wireName,
  zoneNameOf,
} from "./protocol";
import { accepted, failed, pushIsolating, textChunks, type WantedZone } from "./push";
import { zoneFields } from "./zone-pairs";

/**
 * Another Zonefleet server. Same commands as towards WHM, with three differences: the receiver computes itself which copy is newer, it answers for
 * every zone, and it says what it holds as digests. One edit is one POST on an open connection.
 */

export interface PeerCall {
  readonly connection: WhmConnection;
  /** Our identity, so that what we send is not sent back to us. */
  readonly serverId: string;
  /** Our hostname, for the stamps. */
  readonly hostname: string;
  readonly mode: PushMode;
  readonly signal: AbortSignal;
}

function read<T>(body: Buffer, schema: z.ZodType<T>, host: string, operation: string): T {
  const parsed = schema.safeParse(parseJson(body));
  if (parsed.success) return parsed.data;
  throw new DriverError("bad-response", host, operation, `${host} answered ${operation} with something unreadable.`, {
    cause: parsed.error,
  });
}

function options({ serverId, mode, signal }: PeerCall) {
  return { signal, gzip: true, headers: { [SERVER_HEADER]: serverId, [MODE_HEADER]: mode } };
}

/** @throws DriverError */
export async function pushToPeer(call: PeerCall, work: readonly WantedZone[]): Promise<ZoneOutcome[]> {
  const { connection, hostname } = call;
  const outcomes: ZoneOutcome[] = [];
  for (const chunk of textChunks(work)) {
    const pushed = await pushIsolating(chunk, async (part) => {
      const zoneTexts = [...zoneFields(part, hostname)];
      const sums = part.map(({ name }, at) => sumField(name, zoneTexts[at]?.[1] ?? ""));
      const body = await connection.command("synczones_local", [...sums, ...zoneTexts], options(call));
      const { zones } = read(body, pushReply, connection.host, "synczones_local");
      const byName = new Map(zones.map((entry) => [zoneNameOf(entry.zone), entry]));
      return part.map((item) => pushOutcome(item, byName.get(item.name), connection.host));
    });
    outcomes.push(...pushed);
  }
  return outcomes;
}

function pushOutcome(
  item: WantedZone,
  entry: z.infer<typeof pushReply>["zones"][number] | undefined,
  host: string,
): ZoneOutcome {
  if (!entry) return unsaid(item, host, "synczones_local");
  if (entry.status === "refused")
    return failed(item, new DriverError("rejected", host, "synczones_local", entry.message));
  if (entry.status !== "newer-here") return accepted(item);
  return { name: item.name, seq: item.seq, status: "newer-there", text: entry.text, updatedAt: entry.updatedAt };
}

function unsaid(item: ZoneWork, host: string, operation: string): ZoneOutcome {
  const message = `${host} does not say what became of this zone.`;
  return failed(item, new DriverError("bad-response", host, operation, message));
}

/** @throws DriverError */
export async function removeFromPeer(call: PeerCall, work: readonly ZoneWork[]): Promise<ZoneOutcome[]> {
  const { connection } = call;
  const stamps = work.flatMap(({ name, gone }) => (gone ? [goneField(name, gone)] : []));
  const fields = [["zones", work.map(({ name }) => wireName(name)).join(",")] as const, ...stamps];
  const body = await connection.command("removezones_local", fields, options(call));
  const { zones } = read(body, removeReply, connection.host, "removezones_local");
  const byName = new Map(zones.map((entry) => [zoneNameOf(entry.zone), entry]));
  return work.map((item): ZoneOutcome => {
    const { name, seq } = item;
    const entry = byName.get(name);
    if (!entry) return unsaid(item, connection.host, "removezones_local");
    if (entry.status === "newer-here")
      return { name, seq, status: "newer-there", text: entry.text, updatedAt: entry.updatedAt };
    if (entry.status !== "refused") return accepted(item);
    return failed(item, new DriverError("rejected", connection.host, "removezones_local", entry.message));
  });
}

/** What the peer holds, by serial and digest: no zone text moves. @throws DriverError */
export async function* listPeer(connection: WhmConnection, signal: AbortSignal): AsyncIterable<RemoteZone[]> {
  for (let after: string | null = ""; after !== null; ) {
    const path: string = `/scripts2/getzonedigests_local?after=${encodeURIComponent(after)}`;
    const body = await connection.query(path, { signal });
    const page = read(body, digestPage, connection.host, "getzonedigests_local");
    if (page.next !== null && (page.zones.length === 0 || page.next === after))
      throw new DriverError(
        "bad-response",
        connection.host,
        "getzonedigests_local",
        `${connection.host} lists its zones in circles.`,
      );
    yield page.zones.flatMap(([zone, serial, digest, updatedAt]) => {
      const name = zoneNameOf(zone);
      return name === undefined ? [] : [{ name, serial, digest, updatedAt }];
    });
    after = page.next;
  }
}
