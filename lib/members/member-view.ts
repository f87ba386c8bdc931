import { z } from "zod";
import type { DnsAddress } from "@/lib/drivers/driver";
import type { DriverErrorKind } from "@/lib/errors";
import type { Settings } from "@/lib/settings/settings";
import type { Member } from "@/prisma/generated/sqlite/client";
import { backendOf } from "./backends";
import { type DnsRole, dnsRole } from "./dns-role";
import { formatMemberHost } from "./member-host";
import { memberName } from "./member-name";
import { failureWords, type MemberFacts, type MemberHold, type MemberStatus, memberStatus } from "./member-status";

/** A member as pages see it: plain data, without its credential. Instants are epoch milliseconds. */
export interface MemberView {
  readonly id: number;
  /** What people call it: its hostname, its own one where it was entered by address. */
  readonly name: string;
  /** As entered. */
  readonly hostname: string;
  readonly port: number;
  /** As the form spells it: with the port where it is not the usual one. */
  readonly host: string;
  readonly address: string;
  readonly username: string;
  readonly backend: string;
  /** What it says it is; until then what was chosen. */
  readonly type: string;
  readonly version: string;
  /** WHM's Server Type: its nameserver software, as it says; empty when it does not. */
  readonly nameserver: string;
  readonly remoteHostname: string;
  readonly dnsAddresses: readonly DnsAddress[];
  /** A hosted DNS service: its nameservers serve serials of its own. */
  readonly isService: boolean;
  readonly role: DnsRole;
  readonly debug: boolean;
  readonly hasCredential: boolean;
  /** The accepted certificate's SPKI pin; null: checked against the system's roots. */
  readonly pin: string | null;
  readonly status: MemberStatus;
  /** When the failures in a row began. */
  readonly firstFailureAt: number | null;
  readonly failures: number;
  readonly failureWords: string;
  readonly lastAnswerAt: number | null;
  readonly lastErrorAt: number | null;
  readonly lastError: string | null;
  readonly lastPullAt: number | null;
  readonly createdAt: number;
}

const dnsAddresses = z.array(z.object({ address: z.string(), port: z.number() }));
const instant = (value: bigint | null) => (value === null ? null : Number(value));

type HoldColumns = "disabledAt" | "disabledReason" | "pausedAt" | "pausedUntil" | "recoveringAt";

/** What a row says of why nothing goes to the member. */
export function memberHold(row: Pick<Member, HoldColumns>): MemberHold {
  const { disabledAt, disabledReason, pausedAt, pausedUntil, recoveringAt } = row;
  return {
    disabledAt: instant(disabledAt),
    disabledReason,
    pausedAt: instant(pausedAt),
    pausedUntil: instant(pausedUntil),
    isRecovering: recoveringAt !== null,
  };
}

/** The columns that tell how a member is, for a query that reads no others. */
export const STATUS_COLUMNS = {
  ...{ lastAnswerAt: true, lastErrorAt: true, lastErrorKind: true, lastError: true, pin: true },
  nameserverRuns: true,
  ...{ disabledAt: true, disabledReason: true, pausedAt: true, pausedUntil: true, recoveringAt: true },
} as const;

export function memberFacts(row: Pick<Member, keyof typeof STATUS_COLUMNS>): MemberFacts {
  return {
    lastAnswerAt: instant(row.lastAnswerAt),
    lastErrorAt: instant(row.lastErrorAt),
    lastErrorKind: row.lastErrorKind as DriverErrorKind | null,
    lastError: row.lastError,
    pin: row.pin,
    hold: memberHold(row),
    nameserverRuns: row.nameserverRuns,
  };
}

export function memberView(row: Member, cluster: Settings<"cluster">): MemberView {
  const backend = backendOf(row.backend);
  const facts = memberFacts(row);
  return {
    id: row.id,
    name: memberName(row),
    hostname: row.hostname,
    port: row.port,
    host: formatMemberHost(row, backend.defaultPort),
    address: row.address,
    username: row.username,
    backend: row.backend,
    type: row.software || backend.shortLabel,
    version: row.version,
    nameserver: row.nameserver,
    remoteHostname: row.remoteHostname,
    dnsAddresses: dnsAddresses.parse(JSON.parse(row.dnsAddresses)),
    isService: backend.isService,
    role: dnsRole(row.role).value,
    debug: row.debug,
    hasCredential: row.sealedCredential !== "",
    status: memberStatus(facts, cluster.isEnabled, backend.isService),
    firstFailureAt: instant(row.firstFailureAt),
    failures: row.failures,
    failureWords: failureWords(row.failures, cluster.failureThreshold),
    pin: facts.pin,
    lastAnswerAt: facts.lastAnswerAt,
    lastErrorAt: facts.lastErrorAt,
    lastError: facts.lastError,
    lastPullAt: instant(row.lastPullAt),
    createdAt: Number(row.createdAt),
  };
}
