/**
 * Every door into the server, and who may come in. A page, route or action that is not in here fails: whoever adds one decides, and says so.
 * - everybody: without sign-in, and why
 * - user: root and resellers; the services behind it tell whose zones and tokens are whose
 * - clustering: root, and resellers with that privilege, for their own cluster
 * - root: for everybody else there is no such address
 */
export type Who = "everybody" | "user" | "clustering" | "root";

export const PAGES: Readonly<Record<string, Who>> = {
  // The set-up page is gone once the server is set up, and asks for a code that only its terminal shows.
  "(auth)/setup/page.tsx": "everybody",
  "(auth)/sign-in/page.tsx": "everybody",
  "(auth)/signed-in/page.tsx": "user",
  "(panel)/account/page.tsx": "user",
  "(panel)/audit/page.tsx": "root",
  "(panel)/changes/[id]/page.tsx": "user",
  "(panel)/changes/page.tsx": "user",
  "(panel)/cluster/[id]/debug/page.tsx": "clustering",
  "(panel)/cluster/[id]/edit/page.tsx": "clustering",
  "(panel)/cluster/[id]/enable/page.tsx": "clustering",
  "(panel)/cluster/[id]/page.tsx": "clustering",
  "(panel)/cluster/add/page.tsx": "clustering",
  "(panel)/cluster/changed/[what]/page.tsx": "root",
  "(panel)/cluster/import/page.tsx": "root",
  "(panel)/cluster/map/page.tsx": "root",
  "(panel)/cluster/page.tsx": "clustering",
  "(panel)/cluster/trust/page.tsx": "clustering",
  "(panel)/conflicts/[id]/page.tsx": "user",
  "(panel)/conflicts/page.tsx": "user",
  "(panel)/notifications/[id]/page.tsx": "user",
  "(panel)/notifications/page.tsx": "user",
  "(panel)/page.tsx": "user",
  "(panel)/proof/page.tsx": "user",
  "(panel)/proof/problems/page.tsx": "user",
  "(panel)/recycle-bin/page.tsx": "user",
  "(panel)/settings/page.tsx": "root",
  "(panel)/synchronize/[id]/page.tsx": "clustering",
  "(panel)/synchronize/page.tsx": "clustering",
  "(panel)/templates/[id]/page.tsx": "root",
  "(panel)/templates/page.tsx": "root",
  "(panel)/tokens/page.tsx": "user",
  "(panel)/trusted-ips/page.tsx": "root",
  "(panel)/users/page.tsx": "root",
  "(panel)/zones/[name]/history/[seq]/page.tsx": "user",
  "(panel)/zones/[name]/history/page.tsx": "user",
  "(panel)/zones/[name]/nameservers/page.tsx": "user",
  "(panel)/zones/[name]/page.tsx": "user",
  "(panel)/zones/add/page.tsx": "user",
  "(panel)/zones/page.tsx": "user",
  "(panel)/zones/replace/page.tsx": "user",
};

/** Exports of "use server" files: each is an address that anybody can post to. Those for users are made by `action`; rights are the services'. */
export const ACTIONS: Readonly<Record<string, Readonly<Record<string, Who>>>> = {
  "(auth)/setup/actions.ts": { setUpServer: "everybody" },
  "(auth)/sign-in/actions.ts": { signInWithPassword: "everybody" },
  "(auth)/sign-out.ts": { signOut: "user" },
  "(panel)/account/actions.ts": { changeOwnPassword: "user", saveSubscription: "user" },
  "(panel)/changes/actions.ts": {
    applyChanges: "user",
    cancelChanges: "user",
    prepareReplace: "user",
    tickPlanned: "user",
    undoChangeOfZone: "user",
    undoChanges: "user",
  },
  "(panel)/cluster/[id]/debug/actions.ts": { clearTransactions: "clustering" },
  "(panel)/cluster/[id]/enable/actions.ts": { enableDisabled: "clustering", previewEnabling: "clustering" },
  "(panel)/cluster/actions.ts": {
    changeClusterOptions: "root",
    changeClusterStatus: "root",
    checkAllNow: "clustering",
    checkNow: "clustering",
    checkTrustNow: "clustering",
    pauseServers: "clustering",
    removeCopies: "clustering",
    removeMember: "clustering",
    resumeServers: "clustering",
    saveRole: "clustering",
    saveRoles: "clustering",
    saveUniqueCluster: "clustering",
    setUpReverseTrust: "clustering",
    submitMember: "clustering",
    submitNewMember: "clustering",
    synchronizeAgain: "clustering",
    testMember: "clustering",
    testNewMember: "clustering",
    tryAgainNow: "clustering",
  },
  "(panel)/cluster/import/actions.ts": { importConfiguration: "root", reviewConfiguration: "root" },
  "(panel)/cluster/map/actions.ts": { askClusterAgain: "root" },
  "(panel)/conflicts/actions.ts": { keepAsItIs: "user", restoreOtherCopy: "user" },
  "(panel)/notifications/actions.ts": { sendNoticeAgain: "user" },
  "(panel)/proof/actions.ts": { checkAgain: "user" },
  "(panel)/recycle-bin/actions.ts": { purgeDeleted: "user", restoreDeleted: "user" },
  "(panel)/settings/actions.ts": {
    saveMailServer: "root",
    saveMetrics: "root",
    saveNameserver: "root",
    saveProof: "root",
    saveServer: "root",
    saveWebhook: "root",
    saveZoneDefaults: "root",
    testMail: "root",
  },
  "(panel)/synchronize/actions.ts": {
    applySyncPlan: "clustering",
    cancelSync: "clustering",
    pauseSync: "clustering",
    preparePlan: "clustering",
    resumeSync: "clustering",
  },
  "(panel)/templates/actions.ts": { deleteZoneTemplate: "root", saveZoneTemplate: "root" },
  "(panel)/tokens/actions.ts": { addToken: "user", changeToken: "user", endToken: "user" },
  "(panel)/trusted-ips/actions.ts": { forgetCaller: "root", saveTrustedIps: "root", trustCaller: "root" },
  "(panel)/users/actions.ts": {
    addUser: "root",
    askDeletion: "root",
    editUser: "root",
    removeUser: "root",
    resetUserPassword: "root",
    suspendUser: "root",
  },
  "(panel)/zones/[name]/actions.ts": {
    markOneWriter: "root",
    previewEdits: "user",
    removeZone: "user",
    restoreOld: "user",
    saveEdits: "user",
  },
  "(panel)/zones/actions.ts": { deleteZones: "user", giveZones: "root" },
  "(panel)/zones/add/actions.ts": {
    addFromTemplate: "user",
    addFromText: "user",
    checkAdded: "user",
    importFiles: "user",
  },
};

/** Routes, which answer to requests that are no page's. What machines call is in lib/compat/whm/testing/wire-doors.ts. */
export const ROUTES: Readonly<Record<string, Who>> = {
  // next-auth's own: signs in by the same rules as the page.
  "api/auth/[...nextauth]/route.ts": "everybody",
  "api/cluster/[id]/debug/route.ts": "clustering",
  "api/events/poll/route.ts": "user",
  "api/events/route.ts": "user",
  "api/proof/route.ts": "user",
  "api/search/route.ts": "user",
  "api/zones/[name]/file/route.ts": "user",
  "api/zones/[name]/receipts/route.ts": "user",
  "api/zones/export/route.ts": "user",
  // Says whether the database answers and the nameserver runs, and nothing else.
  "healthz/route.ts": "everybody",
  // Asks for a token of its own, or an address that root has listed; off unless root turns it on.
  "metrics/route.ts": "everybody",
  // Says which part of the server cannot work, and nothing else.
  "readyz/route.ts": "everybody",
};
