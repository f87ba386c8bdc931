import { COMPATIBLE_VERSION } from "@/lib/drivers/whm/protocol";
import { TOKEN_ACLS } from "@/lib/tokens/acls";
import { holdsAcl } from "@/lib/tokens/held-acls";
import type { ApiFunction } from "../api-function";
import { assertMember } from "../assert-member";
import { OWN_VERSION, ownHostname, ownInfo, versionAnswer } from "../identity";

/** What the server says of itself, and what its caller may do. */

const version: ApiFunction = async () => ({ data: versionAnswer });

const gethostname: ApiFunction = async ({ server }) => ({ data: { hostname: await ownHostname(server) } });

/** For Zonefleet servers among themselves; only cluster members are told. */
const zonefleet_info: ApiFunction = async ({ server, actor }) => {
  await assertMember({ server, actor }, "zonefleet_info");
  return { data: await ownInfo(server) };
};

const myprivs: ApiFunction = async ({ actor }) => ({
  data: { privileges: [Object.fromEntries(TOKEN_ACLS.map(({ name }) => [name, holdsAcl(actor, name) ? 1 : 0]))] },
});

const installed_versions: ApiFunction = async ({ server }) => {
  const nameserver = server.nameserver();
  return {
    data: {
      cpanel_and_whm: COMPATIBLE_VERSION,
      zonefleet: OWN_VERSION,
      ...(nameserver.version === null ? {} : { [nameserver.software]: nameserver.version }),
    },
  };
};

/** The nameserver is the one service there is; WHM calls every nameserver software `named`. */
const servicestatus: ApiFunction = async ({ server, form }) => {
  const wanted = form.get("service");
  const { state, software, listen } = server.nameserver();
  // Without an address it is not meant to run.
  const isEnabled = state === "stopped" && listen.length === 0 ? 0 : 1;
  const service = {
    name: "named",
    display_name: `DNS Server (${software})`,
    enabled: isEnabled,
    installed: state === "missing" ? 0 : 1,
    monitored: isEnabled,
    running: state === "running" ? 1 : 0,
  };
  return { data: { service: wanted === undefined || wanted === "named" ? [service] : [] } };
};

export const serverFunctions = {
  version,
  gethostname,
  zonefleet_info,
  myprivs,
  installed_versions,
  servicestatus,
} satisfies Record<string, ApiFunction>;
