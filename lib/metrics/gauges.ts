/** What is looked up when somebody asks: the state of the server at that moment, and not what happened since. */
export const GAUGES = {
  zonefleet_build_info: { labels: ["version"], help: "1, with the version of Zonefleet" },
  zonefleet_collected: {
    labels: [],
    help: "1: the figures that come from the database were read; 0: they could not be, and are left out",
  },
  zonefleet_members: { labels: ["state"], help: "Members by state, as their Status column has it" },
  zonefleet_member_info: {
    labels: ["member", "host", "role"],
    help: "1 for each member, to put its host and DNS role beside the number in the label member",
  },
  zonefleet_member_up: {
    labels: ["member"],
    help: "1: the member answers; 0: it does not. None for one that is disabled or paused",
  },
  zonefleet_member_behind: {
    labels: ["member"],
    help: "Numbers of the change sequence that were not looked at for this nameserver; most may be of zones that it is not to have. The local one is “local”",
  },
  zonefleet_member_set_aside_zones: {
    labels: ["member"],
    help: "Zones that failed at this nameserver and are tried again one by one",
  },
  zonefleet_oldest_waiting_seconds: {
    labels: ["member"],
    help: "Age of the oldest change that was not sent to this nameserver; 0: nothing waits. A first synchronization does not count",
  },
  zonefleet_waiting_zones: {
    labels: [],
    help: "Zones whose newest change was not sent to every nameserver that is worked on, each counted once",
  },
  zonefleet_problem_zones: {
    labels: ["problem"],
    help: "Zones that a nameserver was seen serving otherwise than it accepted them, by what is wrong, each counted once for every nameserver",
  },
  zonefleet_zones: { labels: ["state"], help: "Zones: present, and deleted ones in the recycle bin" },
  zonefleet_change_sequence: { labels: [], help: "The newest number of the change sequence" },
  zonefleet_notice_deliveries: {
    labels: ["channel", "state"],
    help: "Notices on their way by mail and webhook: waiting, failed, kept (no mail server is set)",
  },
  zonefleet_nameserver_up: { labels: [], help: "1: the local nameserver runs" },
  zonefleet_nameserver_restarts: {
    labels: [],
    help: "How often the local nameserver had to be started again since the panel started",
  },
  zonefleet_engine_idle_seconds: {
    labels: [],
    help: "Since the engine looked for work the last time; it does so every second",
  },
  zonefleet_database_bytes: { labels: [], help: "Size of the database" },
} as const satisfies Readonly<Record<string, { readonly labels: readonly string[]; readonly help: string }>>;

export type GaugeName = keyof typeof GAUGES;

/** One value of a gauge. */
export interface Sample {
  readonly name: GaugeName;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}
