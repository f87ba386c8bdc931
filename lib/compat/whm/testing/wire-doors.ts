/**
 * Who may call what on the wire with an API token, beside the token's own privileges:
 * - token: everybody who has one
 * - list, create, edit, kill: whoever has that privilege for zones, or `clustering`; of their own zones. Who may edit zones may list them
 * - tokens: who may manage API tokens; their own
 * - clustering: root, and resellers with that privilege, for their own cluster
 * - root: nobody else
 */
export type WireWho = "token" | "list" | "create" | "edit" | "kill" | "tokens" | "clustering" | "root";

/** What a call is aimed at. */
export interface WireAim {
  /** Without the final dot. */
  readonly zone: string;
  readonly memberId: number;
  readonly tokenName: string;
}

export interface WireDoor {
  readonly who: WireWho;
  /** Arguments with which the call gets to the service behind it. */
  readonly fields?: (aim: WireAim) => Readonly<Record<string, string>>;
}

const zone = ({ zone }: WireAim) => ({ zone });
const domain = ({ zone }: WireAim) => ({ domain: zone });
/** Each server of the walk has a synchronization of the same number. */
const job = ({ memberId }: WireAim) => ({ id: String(memberId) });
/** A record of the zones of the walk, by its line. */
const line = { line: "3", type: "A", address: "192.0.2.9", name: "x", ttl: "60" };
const ADDED = JSON.stringify({ dname: "x", ttl: 60, record_type: "A", data: ["192.0.2.9"] });
/** Not a zone file, so that a zone that could be stored is refused as well. */
const carried = ({ zone }: WireAim) => ({ zone, zonedata: "no zone file" });

/** Every function under /json-api. One that is not in here fails. */
export const WIRE_FUNCTIONS: Readonly<Record<string, WireDoor>> = {
  version: { who: "token" },
  gethostname: { who: "token" },
  myprivs: { who: "token" },
  installed_versions: { who: "token" },
  servicestatus: { who: "token", fields: () => ({ service: "named" }) },
  // Answers for each of its commands as that command does by itself.
  batch: { who: "token", fields: ({ zone }) => ({ command: `dumpzone?domain=${zone}` }) },
  listzones: { who: "list" },
  parse_dns_zone: { who: "list", fields: zone },
  dumpzone: { who: "list", fields: domain },
  getzonerecord: { who: "list", fields: (aim) => ({ ...zone(aim), line: "1" }) },
  export_zone_files: { who: "list", fields: zone },
  has_local_authority: { who: "list", fields: domain },
  get_nameserver_config: { who: "list" },
  lookupnsips: { who: "list", fields: () => ({ host: "192.0.2.1" }) },
  fetch_ds_records_for_domains: { who: "list", fields: domain },
  zonefleet_receipts: { who: "list", fields: zone },
  zonefleet_problems: { who: "list", fields: zone },
  adddns: { who: "create", fields: ({ zone }) => ({ domain: `${zone}.invalid..`, ip: "192.0.2.1" }) },
  zonefleet_import_zone: { who: "create", fields: ({ zone }) => ({ zone, text: "no zone file" }) },
  mass_edit_dns_zone: { who: "edit", fields: (aim) => ({ ...zone(aim), serial: "7", add: ADDED }) },
  addzonerecord: { who: "edit", fields: (aim) => ({ ...domain(aim), ...line }) },
  editzonerecord: { who: "edit", fields: (aim) => ({ ...domain(aim), ...line }) },
  removezonerecord: { who: "edit", fields: (aim) => ({ ...domain(aim), ...line }) },
  resetzone: { who: "edit", fields: domain },
  enable_dnssec_for_domains: { who: "edit", fields: domain },
  disable_dnssec_for_domains: { who: "edit", fields: domain },
  export_zone_key: { who: "edit", fields: (aim) => ({ ...domain(aim), key_id: "1" }) },
  import_zone_key: { who: "edit", fields: (aim) => ({ ...domain(aim), key_data: "x", key_type: "ksk" }) },
  killdns: { who: "kill", fields: domain },
  // Bob has one of this name.
  api_token_create: { who: "tokens", fields: () => ({ token_name: "bob", "acl-1": "manage-api-tokens" }) },
  api_token_list: { who: "tokens" },
  api_token_update: {
    who: "tokens",
    fields: ({ tokenName }) => ({ token_name: tokenName, "acl-1": "manage-api-tokens" }),
  },
  api_token_revoke: { who: "tokens", fields: ({ tokenName }) => ({ token_name: tokenName }) },
  cluster_member_has_trust_with: { who: "clustering", fields: () => ({ host: "203.0.113.78" }) },
  zonefleet_info: { who: "clustering" },
  zonefleet_members: { who: "clustering" },
  zonefleet_check_members: { who: "clustering", fields: ({ memberId }) => ({ id: String(memberId) }) },
  zonefleet_sync_plan: {
    who: "clustering",
    fields: ({ memberId }) => ({ choice: "all-here", member: String(memberId) }),
  },
  zonefleet_sync_status: { who: "clustering", fields: job },
  zonefleet_sync_pause: { who: "clustering", fields: job },
  zonefleet_sync_resume: { who: "clustering", fields: job },
  zonefleet_sync_cancel: { who: "clustering", fields: job },
  zonefleet_sync_apply: { who: "clustering", fields: (aim) => ({ ...job(aim), plan_hash: "0".repeat(64) }) },
  set_nameserver: { who: "root", fields: () => ({ nameserver: "BIND" }) },
};

/** Every command under /scripts2. */
export const WIRE_COMMANDS: Readonly<Record<string, WireDoor>> = {
  showversion: { who: "token" },
  gethostname: { who: "token" },
  getzonelist_local: { who: "clustering" },
  getzone_local: { who: "clustering", fields: zone },
  getzones_local: { who: "clustering", fields: ({ zone }) => ({ zones: zone }) },
  getallzones_local: { who: "clustering" },
  getzonedigests_local: { who: "clustering" },
  zoneexists_local: { who: "clustering", fields: zone },
  getips_local: { who: "clustering" },
  getpath_local: { who: "clustering" },
  savezone_local: { who: "clustering", fields: carried },
  quickzoneadd_local: { who: "clustering", fields: carried },
  synczones_local: { who: "clustering", fields: ({ zone }) => ({ [`cpdnszone-${zone}`]: "no zone file" }) },
  removezone_local: { who: "clustering", fields: zone },
  removezones_local: { who: "clustering", fields: ({ zone }) => ({ zones: zone }) },
  addzoneconf_local: { who: "clustering", fields: zone },
  reloadzones_local: { who: "clustering", fields: zone },
  reloadbind_local: { who: "clustering", fields: zone },
  reconfigbind_local: { who: "clustering", fields: zone },
  cleandns_local: { who: "clustering", fields: zone },
  synckeys_local: { who: "clustering", fields: zone },
  revokekeys_local: { who: "clustering", fields: zone },
};
