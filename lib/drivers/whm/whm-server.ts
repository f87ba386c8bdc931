import { type CopyStamp, compareCopies } from "@/lib/dns/newest";
import { compareSerials } from "@/lib/dns/serial";
import { parseStamp } from "@/lib/dns/zone-stamp";
import type { RemoteZone, ReplacedCopy, ZoneOutcome, ZoneWork } from "@/lib/drivers/driver";
import { DriverError } from "@/lib/errors";
import { randomAlphanumeric } from "@/lib/ids";
import { foreignServer, type WhmConnection } from "./connection";
import { wireName, zoneNameOf } from "./protocol";
import { accepted, failed, pushIsolating, type WantedZone } from "./push";
import { problemsByZone, replyProblem } from "./reply-text";
import { copyStamp, readZones, type SentZone, withoutStamp, zoneFields } from "./zone-pairs";

/**
 * A cPanel & WHM or DNSOnly server, by WHM's own commands: `synczones_local` for zones that shall be there, `removezones_local` for those that
 * shall not. WHM reloads its nameserver by itself. It does not say which copy is newer, so for Synchronize we look before we push.
 */

/** A name for a command: WHM ignores a second one with the same (`dnsuniqid`). */
const commandId = () => ["dnsuniqid", randomAlphanumeric(32)] as const;
const zoneList = (work: readonly ZoneWork[]) => ["zones", work.map(({ name }) => wireName(name)).join(",")] as const;

interface PushOptions {
  /** Synchronize: keeps what is newer there. */
  readonly looksFirst: boolean;
  readonly hostname: string;
  readonly willReplace?: (copy: ReplacedCopy) => Promise<void>;
}

/** Brings zones to a WHM server. @throws DriverError; what `willReplace` throws */
export async function pushToWhm(
  connection: WhmConnection,
  work: readonly WantedZone[],
  { looksFirst, hostname, willReplace }: PushOptions,
  signal: AbortSignal,
): Promise<ZoneOutcome[]> {
  const there = looksFirst ? await readCopies(connection, work, signal) : new Map<string, SentZone>();
  const outcomes: ZoneOutcome[] = [];
  const older: WantedZone[] = [];
  for (const item of work) {
    const copy = there.get(item.name);
    const outcome = copy && weigh(item, copy, connection.host);
    if (outcome) outcomes.push(outcome);
    else older.push(item);
  }
  const push = async (part: readonly WantedZone[]) => {
    const fields = [...zoneFields(part, hostname), commandId()];
    const body = await connection.command("synczones_local", fields, { signal });
    return readReply(connection.host, "synczones_local", body, part);
  };
  if (older.length === 0) return outcomes;
  for (const item of older) {
    const copy = there.get(item.name);
    if (copy && isChangedThere(item, copy))
      await willReplace?.({ name: item.name, seq: item.seq, text: withoutStamp(copy.text) });
  }
  return [...outcomes, ...(await pushIsolating(older, push))];
}

/** Takes zones away from a WHM server. @param looksFirst Synchronize: keeps what is newer there than what was deleted. @throws DriverError */
export async function removeFromWhm(
  connection: WhmConnection,
  work: readonly ZoneWork[],
  { looksFirst }: { looksFirst: boolean },
  signal: AbortSignal,
): Promise<ZoneOutcome[]> {
  const there = looksFirst ? await readCopies(connection, work, signal) : new Map<string, SentZone>();
  // By serial alone: a WHM that wrote the same records in its own way has changed nothing.
  const isNewer = ({ gone }: ZoneWork, { serial }: CopyStamp) =>
    gone !== undefined && compareSerials(serial, gone.serial) === 1;
  const newer = work.flatMap((item) => {
    const copy = there.get(item.name);
    // What cannot be read is not newer: it goes, as what was deleted.
    const theirs = copy && copyStamp(item.name, copy);
    return copy && theirs && theirs.problem === undefined && isNewer(item, theirs)
      ? [newerThere(item, copy, theirs)]
      : [];
  });
  const left = work.filter(({ name }) => !newer.some((outcome) => outcome.name === name));
  if (left.length === 0) return newer;
  const removed = await pushIsolating(left, async (part) => {
    const body = await connection.command("removezones_local", [zoneList(part), commandId()], { signal });
    return readReply(connection.host, "removezones_local", body, part);
  });
  return [...newer, ...removed];
}

function newerThere({ name, seq }: ZoneWork, copy: SentZone, { updatedAt }: CopyStamp): ZoneOutcome {
  return { name, seq, status: "newer-there", text: withoutStamp(copy.text), updatedAt };
}

async function readCopies(connection: WhmConnection, work: readonly ZoneWork[], signal: AbortSignal) {
  const body = await connection.command("getzones_local", [zoneList(work), commandId()], { signal });
  return readZones(body, connection.host);
}

/** undefined: ours is to be pushed. */
function weigh(item: WantedZone, copy: SentZone, host: string): ZoneOutcome | undefined {
  const theirs = copyStamp(item.name, copy);
  if (theirs.problem !== undefined) {
    const message = `The copy at ${host} cannot be read, so it cannot be told which one is newer (${theirs.problem}). Correct it there, or use the DNS role Write-only.`;
    return failed(item, new DriverError("conflict", host, "getzones_local", message));
  }
  const order = compareCopies(item.desired, theirs);
  if (order === 0) return item.again ? undefined : accepted(item);
  if (order === 1) return undefined;
  return newerThere(item, copy, theirs);
}

/** Whether it is another copy than was acknowledged: somebody changed it there, and nobody else keeps it. */
function isChangedThere({ name, previous }: WantedZone, copy: SentZone): boolean {
  if (!previous?.digest) return false;
  const theirs = copyStamp(name, copy);
  return theirs.problem === undefined && theirs.digest !== previous.digest;
}

/** @throws DriverError "rejected" for a refusal that names no zone, bad-response for something that is no answer */
function readReply(host: string, operation: string, body: Buffer, work: readonly ZoneWork[]): ZoneOutcome[] {
  const text = body.toString("utf8");
  const problem = replyProblem(text);
  if (!problem) return work.map(accepted);
  if (problem.isForeign) throw foreignServer(host, operation, problem.message);
  const { zones, rest } = problemsByZone(
    text,
    work.map(({ name }) => wireName(name)),
  );
  const refusal = (words: string) =>
    new DriverError(
      "rejected",
      host,
      operation,
      `${host} answered ${operation} with success and this inside: ${words}`,
    );
  if (zones.size === 0) throw refusal(rest ?? problem.message);
  return work.map((item) => {
    const words = zones.get(wireName(item.name)) ?? rest;
    return words === undefined ? accepted(item) : failed(item, refusal(words));
  });
}

const PAGE = 1_000;

/** Names only: WHM says no more than that in one call. @throws DriverError */
export async function* listWhm(connection: WhmConnection, signal: AbortSignal): AsyncIterable<RemoteZone[]> {
  const path = `/scripts2/getzonelist_local?dnsuniqid=${randomAlphanumeric(32)}`;
  const text = (await connection.query(path, { signal })).toString("utf8");
  const names = text.split(/\r?\n/).flatMap((line) => {
    // A line that is no name means that this is no list: half of one must not be taken for all that is there.
    if (!/^(?:[\w./*-]|\\[!-~])*$/.test(line.trim()))
      throw foreignServer(connection.host, "getzonelist_local", "Something else than a list of zones came.");
    const name = zoneNameOf(line);
    return name === undefined ? [] : [{ name }];
  });
  for (let at = 0; at < names.length; at += PAGE) yield names.slice(at, at + PAGE);
}

/** The texts of zones, from either kind of server. One whose text cannot be decoded is left out, as an absent one is. @throws DriverError */
export async function fetchZones(connection: WhmConnection, names: readonly string[], signal: AbortSignal) {
  const fields = [["zones", names.map(wireName).join(",")] as const, commandId()];
  const body = await connection.command("getzones_local", fields, { signal });
  const there = readZones(body, connection.host);
  return names.flatMap((name) => {
    const sent = there.get(name);
    if (!sent || sent.problem !== null) return [];
    return [{ name, text: withoutStamp(sent.text), updatedAt: parseStamp(sent.text)?.updatedAt ?? 0 }];
  });
}
