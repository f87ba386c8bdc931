import type { DriverErrorKind } from "@/lib/errors";

/** What the Status column says of a member, in words; `state` picks the icon beside them. */
export interface MemberStatus {
  readonly state:
    | "online"
    | "nameserver-stopped"
    | "catching-up"
    | "slowed"
    | "failing"
    | "certificate-changed"
    | "not-checked"
    | "paused"
    | "maintenance"
    | "disabled";
  /** One to three words. */
  readonly label: string;
  /** Why, one sentence. */
  readonly reason: string;
  /** What to do about it; empty when there is nothing to do. */
  readonly advice: string;
  /** Epoch milliseconds since when no command goes to it, where that is so. */
  readonly since?: number;
  /** When a pause for maintenance ends by itself. */
  readonly until?: number;
}

/** Whether commands are held back from a member in this state. */
export function isHeld({ state }: Pick<MemberStatus, "state">): boolean {
  return state === "paused" || state === "maintenance" || state === "disabled";
}

/** What is stored about a member's last contacts. Instants are epoch milliseconds. */
export interface MemberFacts {
  readonly lastAnswerAt: number | null;
  readonly lastErrorAt: number | null;
  readonly lastErrorKind: DriverErrorKind | null;
  readonly lastError: string | null;
  readonly pin: string | null;
  /** Left out where it does not matter. */
  readonly hold?: MemberHold;
  /** Whether its nameserver runs, as it says; null: it does not say. Left out where it does not matter. */
  readonly nameserverRuns?: boolean | null;
}

/** What is stored about a member that is held, or was until now. */
export interface MemberHold {
  readonly disabledAt: number | null;
  readonly disabledReason: string | null;
  readonly pausedAt: number | null;
  readonly pausedUntil: number | null;
  /** Enabled by itself, and not caught up yet. */
  readonly isRecovering: boolean;
}

const FAILING: Partial<Record<DriverErrorKind, { label: string; advice: string }>> = {
  unreachable: {
    label: "Unreachable",
    advice: "Check that the server runs and that no firewall is between it and this server.",
  },
  timeout: {
    label: "No answer in time",
    advice: "Check the server's load and the network between it and this server.",
  },
  tls: {
    label: "Certificate not trusted",
    advice:
      "Edit the member to see the certificate and accept it, or give the server a certificate that this system trusts.",
  },
  auth: {
    label: "Access refused",
    advice: "Edit the member and enter a valid API token with the privilege clustering.",
  },
  "rate-limited": { label: "Asks us to wait", advice: "Commands go on by themselves when the server allows it." },
  "bad-response": {
    label: "Unexpected answer",
    advice: "Check that the address is the right one and that no proxy answers in the server's place.",
  },
};

/** The same where a hosted DNS service is not reached or refuses. */
const FAILING_SERVICE: typeof FAILING = {
  ...FAILING,
  unreachable: {
    label: "Unreachable",
    advice: "Check that this server may connect to the service, and whether the service is in operation.",
  },
  timeout: {
    label: "No answer in time",
    advice: "Check the network between this server and the service, and whether the service is in operation.",
  },
  auth: { label: "Access refused", advice: "Edit the member and enter a valid username and key." },
  "bad-response": {
    label: "Unexpected answer",
    advice: "The service may no longer be offered in this form. It is tried again by itself.",
  },
};

/** Derives the status from what is stored: the page never waits for a member. */
export function memberStatus(facts: MemberFacts, isClusterEnabled: boolean, isService = false): MemberStatus {
  if (!isClusterEnabled)
    return {
      state: "paused",
      label: "Paused",
      reason: "DNS clustering is disabled: nothing is sent to this member, and nothing is taken from it.",
      advice: "",
    };
  const held = heldStatus(facts.hold);
  if (held) return held;
  if (facts.lastAnswerAt === null && facts.lastErrorAt === null)
    return { state: "not-checked", label: "Not checked yet", reason: "The first answer is awaited.", advice: "" };
  if (facts.lastErrorAt === null || (facts.lastAnswerAt !== null && facts.lastAnswerAt > facts.lastErrorAt))
    return facts.nameserverRuns === false ? NAMESERVER_STOPPED : facts.hold?.isRecovering ? CATCHING_UP : ONLINE;
  if (facts.lastErrorKind === "tls" && facts.pin !== null)
    return {
      state: "certificate-changed",
      label: "Certificate changed",
      reason: facts.lastError ?? "The certificate is not the one that was accepted.",
      advice: "Nothing is sent until the new one is accepted: edit the member to compare the two.",
    };
  const words = (facts.lastErrorKind && (isService ? FAILING_SERVICE : FAILING)[facts.lastErrorKind]) ?? {
    label: "Last command failed",
    advice: "It is tried again by itself.",
  };
  return {
    state: facts.lastErrorKind === "rate-limited" ? "slowed" : "failing",
    label: words.label,
    reason: facts.lastError ?? "",
    advice: words.advice,
  };
}

const ONLINE: MemberStatus = {
  state: "online",
  label: "Online",
  reason: "It answered the last command.",
  advice: "",
};
const NAMESERVER_STOPPED: MemberStatus = {
  state: "nameserver-stopped",
  label: "Nameserver stopped",
  reason: "It takes zones, and says that its nameserver does not run: it answers no DNS queries.",
  advice: "Start the nameserver there. Zones that go to it are sent meanwhile.",
};
const CATCHING_UP: MemberStatus = {
  state: "catching-up",
  label: "Catching up",
  reason: "It answers again and was enabled by itself. It gets what it missed, new edits first.",
  advice: "",
};

function heldStatus(hold: MemberHold | undefined): MemberStatus | null {
  if (hold && hold.disabledAt !== null)
    return {
      state: "disabled",
      label: "Disabled",
      reason: `It failed too often in a row. The last failure: ${hold.disabledReason ?? "not recorded."}`,
      advice: "Nothing is sent to it until you enable it. What changes meanwhile waits here.",
      since: hold.disabledAt,
    };
  if (hold && hold.pausedUntil !== null)
    return {
      state: "maintenance",
      label: "Paused",
      reason: "It is paused for maintenance: nothing is sent to it, and no failure counts.",
      advice: "It goes on by itself at the end of the pause.",
      since: hold.pausedAt ?? hold.pausedUntil,
      until: hold.pausedUntil,
    };
  return null;
}

/**
 * The failure count beside the threshold, such as "3 of 10 failed commands".
 * @param threshold 0: members are kept online whatever happens, so there is nothing to count towards.
 */
export function failureWords(failures: number, threshold: number): string {
  if (failures === 0) return "No failed commands";
  const commands = failures === 1 && threshold === 0 ? "failed command" : "failed commands";
  return threshold === 0 ? `${failures} ${commands} in a row` : `${failures} of ${threshold} ${commands}`;
}
