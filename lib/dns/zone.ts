/**
 * The zone model (RFC 9499 words). Pure data: a zone is its apex and its RRsets, owners absolute, lower case, with the final dot,
 * in A-label form; rdata in canonical presentation form with absolute names. Two zones with the same RRsets have the same canonical text.
 */

/** One RRset: every record of one owner and type shares one TTL (RFC 2181 §5.2). */
export interface RRset {
  /** Absolute, lower case, final dot, A-labels; special characters escaped as in RFC 1035 §5.1. */
  readonly owner: string;
  /** Mnemonic in upper case, or `TYPEn` (RFC 3597) for a type without one. */
  readonly type: string;
  /** Seconds, 0 … 2^31-1 (RFC 2181 §8). */
  readonly ttl: number;
  /** Canonical presentation form, sorted, without duplicates; at least one. */
  readonly rdatas: readonly string[];
}

export interface Zone {
  /** The apex name: absolute, lower case, final dot. */
  readonly apex: string;
  /** In canonical order: the apex first, its SOA before everything, then RFC 4034 §6.1 name order and type name. */
  readonly rrsets: readonly RRset[];
}

/** Something wrong (`error`: the zone is refused) or doubtful (`warning`) in a zone or zone file. */
export interface ZoneProblem {
  readonly severity: "error" | "warning";
  /** Stable, for code and tests: "cname-and-other-data", "soa-missing", "ttl-range", … */
  readonly code: string;
  /** What is wrong and what to do about it, one or two sentences. */
  readonly message: string;
  /** 1-based line of the zone file, when it came from one. */
  readonly line?: number;
  readonly owner?: string;
  readonly type?: string;
}
