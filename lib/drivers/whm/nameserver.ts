import { z } from "zod";
import type { NameserverSaid } from "@/lib/drivers/driver";
import { DriverError } from "@/lib/errors";
import { logger } from "@/lib/logger";
import type { WhmConnection } from "./connection";

/** The Status column waits for no answer longer than seven seconds in all. */
const LIMIT_MS = 3_000;

/** WHM's names of nameserver software among the components that it lists, and what Zonefleet servers run. */
const SOFTWARE: ReadonlyMap<string, string> = new Map([
  ["powerdns", "PowerDNS"],
  ["bind", "BIND"],
  ["nsd", "NSD"],
  ["mydns", "MyDNS"],
  ["knot dns", "Knot DNS"],
]);

const reply = z.object({
  result: z.array(z.object({ data: z.unknown(), metadata: z.object({ result: z.coerce.number() }) })),
});
/** Component to version; 0: it is not installed. */
const versions = z.record(z.string(), z.unknown());
const flag = z.coerce.number().transform((value) => value === 1);
const services = z.object({ service: z.array(z.object({ name: z.string(), enabled: flag, running: flag })) });

const log = logger("whm");

/**
 * WHM's column *Server Type*: asks a server for its nameserver software and whether it runs, with one batch of `installed_versions` and `servicestatus`, as WHM does.
 * @returns undefined when it does not tell, for whatever reason. It is none the worse for that: older ones do not know the functions, a token may lack the
 *   privilege, and one that is not reached fails its next command
 * @throws DriverError "tls" when another certificate is shown than before
 */
export async function askNameserver(
  connection: WhmConnection,
  signal: AbortSignal,
): Promise<NameserverSaid | undefined> {
  const args = [
    // Without the list of every installed package, which nobody reads here.
    ["command", "installed_versions?packages=0"],
    ["command", "servicestatus?service=named"],
  ] as const;
  try {
    const { result } = await connection.api("batch", reply, { args, signal, firstByteTimeoutMs: LIMIT_MS });
    return readNameserver(result.map(({ data, metadata }) => (metadata.result === 1 ? data : undefined)));
  } catch (error) {
    if (!(error instanceof DriverError) || error.kind === "tls") throw error;
    log.debug("A member does not tell what its nameserver is.", { host: connection.host, error: error.message });
    return undefined;
  }
}

/** @param answers data of the two functions, in their order; undefined for one that failed */
export function readNameserver(answers: readonly unknown[]): NameserverSaid | undefined {
  const installed = versions.safeParse(answers[0]).data ?? {};
  const named = services.safeParse(answers[1]).data?.service.find(({ name }) => name === "named");
  if (named?.enabled === false) return { software: "Disabled", runs: null };
  const software = Object.entries(installed).flatMap(([component, version]) => {
    const name = SOFTWARE.get(component.toLowerCase());
    return name && typeof version === "string" && version !== "" ? `${name} ${version.slice(0, 40)}` : [];
  });
  // Packages of another one may be left over, and it does not say which of them is the service.
  software.splice(SOFTWARE.size);
  return named || software.length > 0 ? { software: software.join(" or "), runs: named?.running ?? null } : undefined;
}
