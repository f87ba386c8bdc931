/** What a call is aimed at: things of one account, or names and numbers of nothing. */
export interface Aim {
  readonly userId: number;
  readonly username: string;
  readonly zone: string;
  /** A zone in the recycle bin. */
  readonly binned: string;
  readonly zoneId: number;
  readonly seq: number;
  readonly memberId: number;
  readonly token: string;
}

const member = { backend: "whm", host: "203.0.113.250", username: "root", token: "T0KEN", role: "sync", pin: "" };
const form = (fields: Record<string, string>) => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
};
const before = { entered: null, error: null };

/**
 * Arguments with which every action gets past the reading of its input, so that what answers is the service behind it. Whoever adds an action says here how it is called.
 */
export const ACTION_INPUTS: Readonly<Record<string, Readonly<Record<string, (aim: Aim) => unknown[]>>>> = {
  "(auth)/setup/actions.ts": {
    setUpServer: () => [null, form({ code: "WRONG", hostname: "taken.example", password: "a new password" })],
  },
  "(auth)/sign-in/actions.ts": {
    signInWithPassword: ({ username }) => [null, form({ username, password: "not the password", to: "" })],
  },
  // Takes the cookie away from the browser, and no session from the server.
  "(auth)/sign-out.ts": { signOut: () => [{ everywhere: false }] },
  "(panel)/account/actions.ts": {
    changeOwnPassword: () => [{ current: "not it", next: "another good password", again: "another good password" }],
    saveSubscription: () => [{ email: "", topics: ["member-disabled"], hearsResellers: true }],
  },
  // Change sets are numbered like the members here: the walk makes them so.
  "(panel)/changes/actions.ts": {
    applyChanges: ({ memberId }) => [{ id: memberId }],
    cancelChanges: ({ memberId }) => [{ id: memberId }],
    // A plan that is made has another number each time: this one is refused.
    prepareReplace: () => [before, form({ type: "A", from: "203.0.113.99", to: "203.0.113.99" })],
    tickPlanned: ({ memberId, zone }) => [{ id: memberId, names: [zone], isTicked: true }],
    undoChangeOfZone: ({ memberId, zone, seq }) => [{ id: memberId, name: zone, mode: "plain", seq }],
    undoChanges: ({ memberId }) => [{ id: memberId }],
  },
  "(panel)/cluster/[id]/debug/actions.ts": { clearTransactions: ({ memberId }) => [{ id: memberId }] },
  "(panel)/cluster/[id]/enable/actions.ts": {
    enableDisabled: ({ memberId }) => [{ id: memberId }],
    previewEnabling: ({ memberId }) => [{ id: memberId }],
  },
  "(panel)/cluster/actions.ts": {
    changeClusterOptions: () => [before, form({ threshold: "default", customThreshold: "" })],
    changeClusterStatus: () => [before, form({ status: "enabled" })],
    checkAllNow: () => [{}],
    checkNow: ({ memberId }) => [{ id: memberId }],
    checkTrustNow: ({ memberId }) => [{ id: memberId }],
    pauseServers: ({ memberId }) => [{ ids: [memberId], minutes: 60 }],
    resumeServers: ({ memberId }) => [{ ids: [memberId] }],
    removeCopies: ({ memberId, zoneId }) => [{ memberId, zoneIds: [zoneId] }],
    removeMember: ({ memberId }) => [{ id: memberId }],
    saveRole: ({ memberId }) => [{ id: memberId, role: "standalone" }],
    saveRoles: ({ memberId }) => [{ ids: [memberId], role: "standalone" }],
    saveUniqueCluster: ({ userId }) => [{ accountId: userId, uniqueCluster: true }],
    saveAutoEnable: ({ userId }) => [{ accountId: userId, autoEnable: true }],
    submitMember: ({ memberId }) => [{ ...member, id: memberId }],
    setUpReverseTrust: ({ memberId }) => [{ id: memberId }],
    submitNewMember: ({ userId }) => [{ ...member, accountId: userId, reverseTrust: false }],
    synchronizeAgain: ({ memberId }) => [{ id: memberId }],
    testMember: ({ memberId }) => [{ ...member, id: memberId }],
    testNewMember: ({ userId }) => [{ ...member, accountId: userId }],
    tryAgainNow: ({ memberId }) => [{ id: memberId }],
  },
  "(panel)/cluster/import/actions.ts": {
    importConfiguration: () => [
      { source: { directory: "/" }, digest: "x", members: [], options: [], trustedIps: false },
    ],
    reviewConfiguration: () => [{ source: { directory: "/" } }],
  },
  "(panel)/cluster/map/actions.ts": { askClusterAgain: () => [{}] },
  // Conflicts, too, are numbered like the members.
  "(panel)/conflicts/actions.ts": {
    keepAsItIs: ({ memberId }) => [{ id: memberId }],
    restoreOtherCopy: ({ memberId, seq }) => [{ id: memberId, seq }],
  },
  // Deliveries are numbered like the members here: the walk makes them so.
  "(panel)/notifications/actions.ts": { sendNoticeAgain: ({ memberId }) => [{ id: memberId }] },
  // Orphans are numbered like the members here: the walk makes them so.
  "(panel)/orphans/actions.ts": {
    keepThem: ({ memberId }) => [{ ids: [memberId], reason: "walk" }],
    listThemAgain: ({ memberId }) => [{ ids: [memberId] }],
    removeThem: ({ memberId }) => [{ ids: [memberId] }],
    saveGuards: () => [{ mostRemovals: "10", orphanGraceHours: "72" }],
    takeThemIn: ({ memberId }) => [{ ids: [memberId], account: "" }],
  },
  "(panel)/proof/actions.ts": { checkAgain: ({ zone }) => [{ zone }] },
  "(panel)/recycle-bin/actions.ts": {
    purgeDeleted: ({ binned }) => [{ name: binned }],
    restoreDeleted: ({ binned }) => [{ name: binned }],
  },
  "(panel)/settings/actions.ts": {
    saveMailServer: () => [
      { host: "", port: "25", security: "none", username: "", password: "", from: "", authority: "" },
    ],
    saveMetrics: () => [{ isEnabled: false, allowed: "", token: "keep" }],
    saveNameserver: () => [{ listen: "127.0.0.1" }],
    saveProof: () => [{ sweepMinutes: "15", contentHours: "24" }],
    saveServer: () => [{ hostname: "web1.example.net", addresses: "192.0.2.10", kind: "web-server" }],
    saveWebhook: () => [{ url: "" }],
    testMail: () => [{ to: "walker@example.com" }],
    saveZoneDefaults: () => [
      { nameservers: "ns1.example.net", contact: "", defaultTtl: "14400", recycleBinDays: "30" },
    ],
  },
  "(panel)/synchronize/actions.ts": {
    applySyncPlan: ({ memberId }) => [{ id: memberId, planHash: "0".repeat(64) }],
    approveSync: ({ memberId }) => [{ id: memberId, planHash: "0".repeat(64) }],
    cancelSync: ({ memberId }) => [{ id: memberId }],
    keepWhatIsHere: ({ memberId }) => [{ id: memberId, planHash: "0".repeat(64) }],
    pauseSync: ({ memberId }) => [{ id: memberId }],
    preparePlan: ({ userId, memberId }) => [
      before,
      form({ choice: "all-here", zone: "", memberId: String(memberId), accountId: String(userId) }),
    ],
    rejectSync: ({ memberId }) => [{ id: memberId, planHash: "0".repeat(64) }],
    repair: ({ zone, memberId }) => [{ zone: zone.slice(0, -1), memberId }],
    resumeSync: ({ memberId }) => [{ id: memberId }],
  },
  "(panel)/templates/actions.ts": {
    deleteZoneTemplate: () => [{ id: 1 }],
    saveZoneTemplate: () => [{ id: 0, name: "walk", text: "x", isDefault: false }],
  },
  "(panel)/tokens/actions.ts": {
    // Bob has one of this name: a token that is made is another one each time.
    addToken: () => [{ name: "bob-token", acls: ["list-zones"], expires: "never", allowedIps: "" }],
    changeToken: ({ token }) => [
      { name: token, acls: ["list-zones"], expires: "keep", expiresAt: null, allowedIps: "" },
    ],
    endToken: ({ token }) => [{ name: token }],
  },
  "(panel)/trusted-ips/actions.ts": {
    forgetCaller: () => [{ id: 1 }],
    saveTrustedIps: () => [{ manual: "", isEnforced: false }],
    trustCaller: () => [{ id: 1 }],
  },
  "(panel)/users/actions.ts": {
    addUser: () => [{ username: "walker", email: "", password: "a good password" }],
    askDeletion: ({ userId }) => [{ userId }],
    editUser: ({ userId }) => [{ userId, privileges: ["clustering"], zoneLimit: null, memberLimit: null }],
    removeUser: ({ userId }) => [{ userId, zonesTo: "account", account: "root" }],
    resetUserPassword: ({ userId }) => [{ userId, password: "" }],
    suspendUser: ({ userId }) => [{ userId, isSuspended: true }],
  },
  "(panel)/zones/[name]/actions.ts": {
    markOneWriter: ({ zone }) => [{ name: zone }],
    previewEdits: ({ zone, seq }) => [{ name: zone, baseSeq: seq, changes: [] }],
    removeZone: ({ zone }) => [{ name: zone, reason: "" }],
    restoreOld: ({ zone, seq }) => [{ name: zone, seq, reason: "" }],
    saveEdits: ({ zone, seq }) => [{ name: zone, baseSeq: seq, changes: [], reason: "" }],
  },
  "(panel)/zones/actions.ts": {
    deleteZones: ({ zone }) => [{ names: [zone], reason: "" }],
    giveZones: ({ zone }) => [{ names: [zone], account: "root" }],
  },
  // What is there and another's cannot be added, and says so: lib/zones has the tests of these words.
  "(panel)/zones/add/actions.ts": {
    addFromTemplate: () => [
      { name: "walk.example", templateId: 999, ip: "", ipv6: "", nameservers: [], isAnyway: false },
    ],
    addFromText: () => [{ name: "walk.example", text: "not a zone", isAnyway: false }],
    checkAdded: ({ zone }) => [{ name: zone }],
    importFiles: ({ memberId }) => [{ files: [], changeSetId: memberId }],
  },
};

/** A request to a route. */
export interface RouteCall {
  readonly address: string;
  /** Posted as a form; left out: GET. */
  readonly form?: Readonly<Record<string, string>>;
  /** The answer does not end: only its head is read. */
  readonly isEndless?: true;
}

const zonePath = ({ zone }: Aim) => encodeURIComponent(zone.slice(0, -1));
const auth = (name: string, form?: RouteCall["form"]) => ({ address: `/api/auth/${name}`, ...(form ? { form } : {}) });

/** How every route is called. Whoever adds one says it here. */
export const ROUTE_CALLS: Readonly<Record<string, (aim: Aim) => readonly RouteCall[]>> = {
  // Without the token against forgery that next-auth gives to a browser, a post of its own does nothing.
  "api/auth/[...nextauth]/route.ts": ({ username }) => [
    ...["session", "csrf", "providers", "signin", "signout", "error", "verify-request", "no-such"].map((name) =>
      auth(name),
    ),
    auth("callback/credentials", { username, password: "not the password" }),
    auth("signout", { callbackUrl: "/" }),
    auth("session", { data: "{}" }),
  ],
  "api/cluster/[id]/debug/route.ts": ({ memberId }) => [{ address: `/api/cluster/${memberId}/debug` }],
  "api/events/poll/route.ts": ({ zone }) => [
    { address: `/api/events/poll?topics=zone:${zone},zones,cluster,sync,nameserver,tokens,audit` },
  ],
  "api/events/route.ts": ({ zone }) => [
    { address: `/api/events?topics=zone:${zone},zones,cluster,sync,nameserver,tokens,audit`, isEndless: true },
  ],
  "api/proof/route.ts": () => [{ address: "/api/proof" }],
  "api/search/route.ts": ({ username }) => [
    { address: `/api/search?q=${username}-zone` },
    { address: `/api/search?q=ns-of-${username}` },
  ],
  "api/zones/[name]/file/route.ts": (aim) => [{ address: `/api/zones/${zonePath(aim)}/file` }],
  "api/zones/[name]/receipts/route.ts": (aim) => [{ address: `/api/zones/${zonePath(aim)}/receipts` }],
  "api/zones/export/route.ts": ({ zone }) => [{ address: "/api/zones/export", form: { names: zone } }],
  "healthz/route.ts": () => [{ address: "/healthz" }],
  "metrics/route.ts": () => [{ address: "/metrics" }],
  "readyz/route.ts": () => [{ address: "/readyz" }],
};

/** Pages that look something up by what is in their address. */
export const LOOKING_PAGES: readonly ((aim: Aim) => string)[] = [
  ({ username }) => `/zones?q=${username}-zone`,
  ({ username }) => `/zones?served=not-everywhere&q=${username}-zone`,
  ({ username }) => `/proof/problems?q=${username}-zone`,
  ({ memberId }) => `/proof/problems?at=${memberId}`,
  ({ username }) => `/recycle-bin?q=${username}-bin`,
  ({ memberId }) => `/cluster?as=${memberId}`,
  ({ userId }) => `/cluster?as=${userId}`,
  ({ userId }) => `/cluster/trust?as=${userId}`,
  ({ userId }) => `/cluster/add?as=${userId}`,
  ({ username }) => `/orphans?q=${username}-orphan`,
  ({ username }) => `/cluster/trust?q=ns-of-${username}`,
];
