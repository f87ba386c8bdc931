/**
 * The contract of a target's driver. A driver knows how to bring zones to one kind of target and nothing else: it never diffs, never retries,
 * never sleeps, never logs a secret and knows no database. The engine decides what to send and when; verification over DNS decides whether
 * it is served.
 */
import type { ZoneProblem } from "@/lib/dns/zone";
import type { DriverError } from "@/lib/errors";
import type { DnsAddress } from "@/lib/wire/dns-address";
import type { ServerPaths } from "./server-paths";

/** The desired state of one zone at a target. */
export interface ZoneWork {
  /** Apex: absolute, lower case, final dot. */
  readonly name: string;
  /** Position in the change sequence of the revision that is wanted; echoed in the outcome. */
  readonly seq: number;
  /** `null`: the zone must not exist at the target. Otherwise its desired state. */
  readonly desired: {
    /** Canonical zone text (`formatZone`), SOA included. */
    readonly text: string;
    readonly serial: number;
    /** Digest that leaves the SOA serial out (`digestZone`). */
    readonly digest: string;
    /** Epoch milliseconds when this revision was made; the stamp that travels with the zone. */
    readonly updatedAt: number;
  } | null;
  /** What was deleted, when `desired` is null: a target that decides what is newer keeps a copy that is newer than this. */
  readonly gone?: { readonly serial: number; readonly digest: string; readonly updatedAt: number };
  /**
   * What the target last acknowledged, when known: a driver may send only the difference.
   * `text` is given only to drivers whose capabilities ask for it. `null`: never acknowledged.
   */
  readonly previous: { readonly serial: number; readonly digest: string; readonly text?: string } | null;
  /**
   * What the target says of itself was found to be no proof: its nameserver does otherwise. The zone is loaded (or removed) there once more, also where the
   * target holds it as it is wanted.
   */
  readonly again?: true;
}

/** What became of one zone. Exactly one per `ZoneWork`, whatever happened to the others. */
export type ZoneOutcome =
  | {
      readonly name: string;
      readonly seq: number;
      readonly status: "accepted";
      /** What was left out because the target cannot hold it, as text for the zone's page. */
      readonly notes?: readonly string[];
    }
  | {
      readonly name: string;
      readonly seq: number;
      /** The target holds a newer copy and kept it (Synchronize, newest wins). The engine takes `text` in as a received zone. */
      readonly status: "newer-there";
      readonly text: string;
      /** Epoch milliseconds, the stamp of the target's copy; 0 when it carries none. */
      readonly updatedAt: number;
    }
  | { readonly name: string; readonly seq: number; readonly status: "failed"; readonly error: DriverError };

/** A copy that somebody changed at the target, so that it is another one than was acknowledged, and that work replaces there. */
export interface ReplacedCopy {
  readonly name: string;
  /** Of the work that replaces it. */
  readonly seq: number;
  readonly text: string;
}

/** One zone that a target holds, as cheaply as the target can say it. */
export interface RemoteZone {
  readonly name: string;
  readonly serial?: number;
  /** `digestZone` of its content, when the target computes it as we do. */
  readonly digest?: string;
  /** Epoch milliseconds. */
  readonly updatedAt?: number;
}

export interface DriverCapabilities {
  /** How many zones one `apply` call takes. */
  readonly batchSize: number;
  /** Whether `ZoneWork.previous.text` shall be filled in. */
  readonly wantsPreviousText: boolean;
  /** Whether `list` and `fetch` work. `reason` says why not. */
  readonly read: { readonly supported: true } | { readonly supported: false; readonly reason: string };
  /**
   * Set where the target numbers zones itself and never serves the serial that it was given: DNS then shows that it answers for a zone, and cannot show which revision
   * that is. Such a driver compares the content with the target's own interface before it says "accepted".
   */
  readonly ownSerials?: { readonly reason: string };
}

/** What a target says of itself, for the Status column and Test connection. */
export interface TargetStatus {
  /** Version of the software that answers, as it says it. */
  readonly version: string;
  /** e.g. "Zonefleet", "cPanel & WHM", "Knot DNS". */
  readonly software: string;
  /** Its own idea of its hostname. */
  readonly hostname?: string;
  /** Set for Zonefleet servers: a random identity made at first start. Equal to ours means: it is ourselves. */
  readonly serverId?: string;
  /** Numeric addresses that it says are its own, when it tells: it may call from each of them. */
  readonly addresses?: readonly string[];
  /** "web-server" or "dns-only", when it tells. */
  readonly kind?: string;
  /** Where its nameserver answers, for verification: numeric address and port. Empty when it does not say. */
  readonly dnsAddresses: readonly DnsAddress[];
  /** Left out when it does not tell. */
  readonly nameserver?: NameserverSaid;
}

/** What a target says of its nameserver: WHM's column *Server Type*. */
export interface NameserverSaid {
  /** With its version, e.g. "PowerDNS 4.4.1"; "Disabled" where none is meant to run; "" when it is not known. */
  readonly software: string;
  /** null: none is meant to run, or it does not say. */
  readonly runs: boolean | null;
}

/** How a target can call this server, given to it when a reverse trust is set up. */
export interface TrustOffer {
  /** Numeric. */
  readonly address: string;
  readonly port: number;
  readonly username: string;
  /** An API token of this server. */
  readonly token: string;
  /** SHA-256 of this server's public key, base64; null when it is not known here (a proxy speaks TLS for us). */
  readonly pin: string | null;
}

/** What a target says of its own entry for this server. */
export interface TrustAnswer {
  /** "works": it called us with it. "broken": it has one that does not work. "unchecked": it has one and says no more. "missing": it has none. */
  readonly state: "works" | "broken" | "unchecked" | "missing";
  /** Why it does not work, in its words. */
  readonly detail: string | null;
}

/** Targets that can have this server in a cluster of their own. */
export interface ReverseTrust {
  /**
   * Makes the target store this server, with the role Standalone. Doing it again replaces what it stored. Atomic as far as the target is.
   * @returns what it answered, one line
   * @throws DriverError "rejected" when it says that nothing was stored; "timeout" after 20 seconds, when nobody knows
   */
  establish(offer: TrustOffer, signal: AbortSignal): Promise<string>;
  /** @param address this server's main one. @throws DriverError "unsupported" when it cannot say */
  ask(address: string, signal: AbortSignal): Promise<TrustAnswer>;
}

export interface Driver {
  readonly capabilities: DriverCapabilities;

  /** undefined: this kind of target never calls us. */
  readonly reverseTrust?: ReverseTrust;

  /**
   * Brings zones to their desired state. Atomic per zone, never across zones: one zone's failure is its own outcome. Idempotent: applying the same
   * work again changes nothing. Called by one worker at a time per target. An accepted zone survives a crash of the target.
   * @param willReplace awaited before such a copy is replaced, by drivers that look before they send: nobody else keeps it
   * @returns one outcome for each work item, in any order.
   * @throws DriverError when nothing can be said of any zone (unreachable, auth, tls …): all of them count as not applied; what `willReplace` throws
   */
  apply(
    work: readonly ZoneWork[],
    signal: AbortSignal,
    willReplace?: (copy: ReplacedCopy) => Promise<void>,
  ): Promise<ZoneOutcome[]>;

  /**
   * Every zone the target holds, in pages so that no list of all zones is needed in memory.
   * @throws DriverError kind "unsupported" where `capabilities.read` says no.
   */
  list(signal: AbortSignal): AsyncIterable<RemoteZone[]>;

  /** The texts of the named zones; a zone that is absent there is left out. At most `batchSize` names. @throws DriverError */
  fetch(names: readonly string[], signal: AbortSignal): Promise<{ name: string; text: string; updatedAt: number }[]>;

  /** Asks the target what it is. Cheap; used for the Status column and Test connection. @throws DriverError */
  status(signal: AbortSignal): Promise<TargetStatus>;

  /**
   * The links of the cluster that the target knows of: its own ones, and those it was told of. Targets that have no cluster leave it out.
   * @throws DriverError
   */
  paths?(signal: AbortSignal): Promise<ServerPaths[]>;

  /** Lets go of connections and sockets. Never throws; safe to call twice. */
  close(): Promise<void>;
}

/** Re-exported so that drivers need one import for what they report. */
export type { DnsAddress, ZoneProblem };
