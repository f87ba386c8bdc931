import { wireName } from "@/lib/drivers/whm/protocol";
import { logger } from "@/lib/logger";
import { type Command, doOnce } from "../command";
import { DNSSEC_UNAVAILABLE } from "../dnssec-words";

const log = logger("whm");

/**
 * DNSSEC keys from members. What these commands are called and send is documented nowhere: the names are those of their kin, the fields are not read. A
 * key is refused in words and with 200: WHM would send it again every 15 minutes otherwise, and switch us off after ten failures, zones and all.
 */
const synckeys: Command = (call) =>
  doOnce(call, async () => {
    const zones = zonesOf(call);
    log.warn("DNSSEC keys from a member were refused", {
      user: call.actor.username,
      address: call.actor.address,
      zones: zones.slice(0, 20),
      count: zones.length,
    });
    return zones.length === 0
      ? `refused: ${DNSSEC_UNAVAILABLE}\n`
      : zones.map((zone) => `${zone} => refused: ${DNSSEC_UNAVAILABLE}\n`).join("");
  });

/** There are no keys here: what shall be revoked is gone. */
const revokekeys: Command = (call) =>
  doOnce(call, async () => {
    const zones = zonesOf(call);
    return zones.length === 0 ? "OK\n" : zones.map((zone) => `OK ${zone}\n`).join("");
  });

function zonesOf({ form }: Parameters<Command>[0]): string[] {
  return [...new Set([...form.zoneNames("zone"), ...form.zoneNames("zones")])].map(wireName);
}

export const keyCommands = { synckeys_local: synckeys, revokekeys_local: revokekeys } satisfies Record<string, Command>;
