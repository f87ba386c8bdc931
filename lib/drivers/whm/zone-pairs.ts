import { digestZone } from "@/lib/dns/digest";
import type { CopyStamp } from "@/lib/dns/newest";
import { soaOf } from "@/lib/dns/zone-build";
import { formatStamp, parseZoneFile } from "@/lib/dns/zone-file";
import { foreignServer } from "./connection";
import { decodeFields, FormError, ZONE_FIELD } from "./form-fields";
import { COMPATIBLE_VERSION, wireName, zoneNameOf } from "./protocol";
import type { WantedZone } from "./push";

/** A form's zones, `cpdnszone-ENC(zone)=ENC(text)`, each text with the stamp in its first line. */
export function* zoneFields(work: Iterable<WantedZone>, hostname: string): Generator<[string, string]> {
  for (const { name, desired } of work) {
    const stamp = formatStamp({ updatedAt: desired.updatedAt, hostname, version: COMPATIBLE_VERSION });
    yield [`${ZONE_FIELD}${wireName(name)}`, `${stamp}\n${desired.text}`];
  }
}

/** A zone file without the stamp that WHM puts into its first lines; when it was last changed is handed on beside the text. */
export function withoutStamp(text: string): string {
  return text.replace(/^(?:;[^\n]*update_time\)?:\d[^\n]*\n)+/, "");
}

/** A zone as a member sent it; `problem` where its text could not be decoded. */
export interface SentZone {
  readonly text: string;
  readonly problem: string | null;
}

/**
 * Reads the answer of `getzones_local`. Zones that are absent there are missing or empty.
 * @throws DriverError bad-response when it is no such answer
 */
export function readZones(body: Buffer, host: string): Map<string, SentZone> {
  const zones = new Map<string, SentZone>();
  try {
    for (const { name, value, problem } of decodeFields(body, { plusIsSpace: false })) {
      if (name.trim() === "") continue;
      const zone = name.startsWith(ZONE_FIELD) ? zoneNameOf(name.slice(ZONE_FIELD.length)) : undefined;
      if (zone === undefined) throw new FormError("Something else than zones came.");
      if (value.trim() !== "" || problem !== null) zones.set(zone, { text: value, problem });
    }
  } catch (error) {
    if (!(error instanceof FormError)) throw error;
    throw foreignServer(host, "getzones_local", error.message, error);
  }
  return zones;
}

/** What decides whether a member's copy is newer than ours; `problem` when the copy cannot be read as a zone. */
export function copyStamp(name: string, sent: SentZone): (CopyStamp & { problem?: undefined }) | { problem: string } {
  if (sent.problem !== null) return { problem: `it holds ${sent.problem}` };
  const { zone, problems, stamp } = parseZoneFile(sent.text, { origin: name });
  const wrong = problems.find(({ severity }) => severity === "error");
  if (!zone || wrong) {
    const place = wrong?.line === undefined ? "" : `line ${wrong.line}: `;
    return { problem: `${place}${wrong?.message ?? "it holds no zone"}` };
  }
  if (!zone.rrsets.some(({ owner, type }) => owner === name && type === "SOA"))
    return { problem: "it has no SOA record" };
  return { serial: soaOf(zone).serial, digest: digestZone(zone), updatedAt: stamp?.updatedAt ?? 0 };
}
