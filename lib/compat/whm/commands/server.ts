import { can } from "@/lib/access/authorize";
import { knownPaths } from "@/lib/cluster/map/known-paths";
import { COMPATIBLE_VERSION, MAX_PATHS, SERVER_HEADER } from "@/lib/drivers/whm/protocol";
import { listMembers } from "@/lib/members/queries";
import { WireAnswer } from "@/lib/net/exchange";
import { readSettings } from "@/lib/settings/settings";
import type { Command } from "../command";
import { ownHostname } from "../identity";

/** What the server says of itself, and commands of WHM's that have nothing to do here. */

const showversion: Command = async () => COMPATIBLE_VERSION;

/** No line end at all: WHM's set-up refuses one. */
const gethostname: Command = async ({ server }) => ownHostname(server);

const getips: Command = async ({ server }) => {
  const { addresses } = await readSettings(server.db.client, "server");
  return addresses.map((address) => `${address}\n`).join("");
};

/** A line for each member, "THISHOST PEERHOST": WHM draws the tree of the cluster from them. A Zonefleet server gets more: see `pathsReply`. */
const getpath: Command = async ({ server, actor, request }) => {
  if (request.headers.has(SERVER_HEADER) && can(actor, "cluster.settings"))
    return WireAnswer.json(
      { servers: (await knownPaths(server)).slice(0, MAX_PATHS) },
      { headers: { "cache-control": "no-store" } },
    );
  const hostname = await ownHostname(server);
  let lines = "";
  for (let page = 1; ; page++) {
    const { rows, total, pageSize } = await listMembers(server, actor, { page });
    for (const row of rows) lines += `${hostname} ${row.hostname}\n`;
    if (page * pageSize >= total) return lines;
  }
};

/**
 * The zone is in the configuration as soon as it is stored, and the nameserver follows every change by itself: these are answered and nothing is done.
 * `cleandns` would drop configuration without a zone file, of which there is none here.
 */
const nothingToDo: Command = async ({ form }) => {
  const zones = [...form.zoneNames("zone"), ...form.zoneNames("zones")];
  return zones.length === 0 ? "OK\n" : zones.map((zone) => `OK ${zone.slice(0, -1)}\n`).join("");
};

export const serverCommands = {
  showversion,
  gethostname,
  getips_local: getips,
  getpath_local: getpath,
  addzoneconf_local: nothingToDo,
  reloadzones_local: nothingToDo,
  reloadbind_local: nothingToDo,
  reconfigbind_local: nothingToDo,
  cleandns_local: nothingToDo,
} satisfies Record<string, Command>;
