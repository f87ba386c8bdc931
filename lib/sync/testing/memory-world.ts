import type { Driver, RemoteZone, ZoneOutcome, ZoneWork } from "@/lib/drivers/driver";
import { DriverError, type DriverErrorKind } from "@/lib/errors";
import type { Cursor } from "../cursor";
import { createLoneFailures } from "../lone-failures";
import { FAILURE_POLICY } from "../policy";
import type {
  AcceptedZone,
  DueZone,
  SetAsideZone,
  SyncPorts,
  SyncStore,
  TargetFailure,
  TargetState,
  VerifyDue,
} from "../ports";

/** The process died: thrown out of a port at a moment that the test chose. */
export class Crash extends Error {
  override readonly name = "Crash";
}

interface Row {
  zoneId: number;
  name: string;
  seq: number;
  serial: number;
  recordCount: number;
  isDeleted: boolean;
}

interface Ack {
  ackSeq: number;
  ackSerial: number | null;
  ackDigest: string;
  verifySeq: number | null;
  failedSeq: number | null;
  failedKind: DriverErrorKind | null;
  attempts: number;
  retryAt: number | null;
}

const UNTOUCHED: Ack = {
  ackSeq: 0,
  ackSerial: null,
  ackDigest: "",
  verifySeq: null,
  failedSeq: null,
  failedKind: null,
  attempts: 0,
  retryAt: null,
};

/** How the next calls go wrong. Numbers count port calls from now. */
export interface Faults {
  /** Die before (even) or after (odd) the effect of the port call with this number; null: live. */
  crashAt: number | null;
  /** The target as a whole fails like this. */
  target: DriverErrorKind | null;
  /** Zones that the target rejects. */
  badZones: ReadonlySet<string>;
  /** Every sending fails like this, while it answers otherwise. */
  sending: DriverErrorKind | null;
  /** Zones that break the call that they are in: no zone of it gets through. */
  poison: ReadonlySet<string>;
}

export const NO_FAULTS: Faults = {
  ...{ crashAt: null, target: null, sending: null },
  ...{ badZones: new Set<string>(), poison: new Set<string>() },
};

/**
 * The database and one target in memory, with the semantics that lib/engine/store promises, for the model test. What is in `zones`, `acks` and `target`
 * survives a crash, as does what the target `holds`.
 */
export class MemoryWorld {
  readonly zones = new Map<string, Row>();
  readonly acks = new Map<number, Ack>();
  readonly holds = new Map<string, { serial: number; digest: string }>();
  readonly served = new Set<number>();
  target: TargetState = {
    id: 1,
    memberId: null,
    cursor: { floor: 0, backlog: 0, seen: 0 },
    reach: { kind: "every" },
    needsReopen: false,
    needsCompare: true,
    attempts: 0,
    retryAt: 0,
    createdAt: 0,
  };
  faults: Faults = { ...NO_FAULTS };
  now = 1_000;
  sequence = 0;
  applied = 0;
  /** The zones of every sending, whatever became of it. */
  tried: string[][] = [];
  private calls = 0;

  change(name: string, isDeleted = false, recordCount = 1): void {
    const row = this.zones.get(name);
    this.sequence += 1;
    this.zones.set(name, {
      zoneId: row?.zoneId ?? this.zones.size + 1,
      name,
      seq: this.sequence,
      serial: (row?.serial ?? 0) + 1,
      recordCount,
      isDeleted,
    });
  }

  /** Digest of a zone's state: every change has other content. */
  digestOf = (row: Row) => `d${row.seq}`;

  private async at<T>(effect: () => T): Promise<T> {
    const call = this.calls++;
    const crash = this.faults.crashAt;
    if (crash !== null && crash >> 1 === call && crash % 2 === 0) throw new Crash();
    const result = effect();
    if (crash !== null && crash >> 1 === call) throw new Crash();
    return result;
  }

  resetCalls(): void {
    this.calls = 0;
  }

  private due(row: Row): DueZone {
    const ack = this.acks.get(row.zoneId);
    return {
      ...row,
      digest: this.digestOf(row),
      updatedAt: row.seq,
      originMemberId: null,
      isReached: true,
      isWithdrawn: false,
      isForced: false,
      acknowledged:
        ack && ack.ackSerial !== null ? { seq: ack.ackSeq, serial: ack.ackSerial, digest: ack.ackDigest } : null,
      wasSent: ack !== undefined,
      failedSeq: ack?.failedSeq ?? null,
      failedKind: ack?.failedKind ?? null,
      attempts: ack?.attempts ?? 0,
    };
  }

  private select(
    filter: (row: Row, ack: Ack | undefined) => boolean,
    order: (row: Row) => number,
    limit: number,
  ): DueZone[] {
    return [...this.zones.values()]
      .filter((row) => filter(row, this.acks.get(row.zoneId)))
      .sort((a, b) => order(a) - order(b))
      .slice(0, limit)
      .map((row) => this.due(row));
  }

  private acknowledge({ zone, verify }: Pick<AcceptedZone, "zone" | "verify">): void {
    this.acks.set(zone.zoneId, {
      ackSeq: zone.seq,
      ackSerial: zone.serial,
      ackDigest: zone.isDeleted ? "" : zone.digest,
      verifySeq: verify ? zone.seq : null,
      failedSeq: null,
      failedKind: null,
      attempts: 0,
      retryAt: null,
    });
  }

  private put(aside: readonly SetAsideZone[]): void {
    for (const { zone, kind, attempts, retryAt } of aside) {
      const ack = this.acks.get(zone.zoneId) ?? UNTOUCHED;
      this.acks.set(zone.zoneId, { ...ack, failedSeq: zone.seq, failedKind: kind, attempts, retryAt });
    }
  }

  private retrySuspects(now: number): void {
    for (const ack of this.acks.values())
      if (ack.retryAt !== null && ack.failedKind !== null && FAILURE_POLICY[ack.failedKind].scope === "target")
        ack.retryAt = Math.min(ack.retryAt, now);
  }

  private fail({ retryAt }: TargetFailure): void {
    this.target = { ...this.target, attempts: this.target.attempts + 1, retryAt };
  }

  readonly store: SyncStore = {
    head: () => this.at(() => this.sequence),
    live: (_, position, limit) =>
      this.at(() =>
        this.select(
          (row) => row.seq > position,
          (row) => row.seq,
          limit,
        ),
      ),
    backlog: (_, floor, upTo, limit) =>
      this.at(() =>
        this.select(
          (row, ack) => row.seq > floor && row.seq <= upTo && ack?.ackSeq !== row.seq && ack?.failedSeq !== row.seq,
          (row) => -row.seq,
          limit,
        ),
      ),
    retries: (_, now, limit) =>
      this.at(() =>
        this.select(
          (_row, ack) => ack?.retryAt != null && ack.retryAt <= now,
          (row) => row.seq,
          limit,
        ),
      ),
    texts: (positions) =>
      this.at(
        () =>
          new Map(
            [...this.zones.values()].filter((row) => positions.includes(row.seq)).map((row) => [row.seq, row.name]),
          ),
      ),
    recordFirstSending: (_, zones) =>
      this.at(() => {
        for (const { zoneId } of zones) if (!this.acks.has(zoneId)) this.acks.set(zoneId, { ...UNTOUCHED });
      }),
    record: (_, { cursor, verdict, accepted, setAside, released, now }) =>
      this.at(() => {
        for (const { zoneId } of released) {
          const ack = this.acks.get(zoneId);
          if (ack) Object.assign(ack, { failedSeq: null, failedKind: null, attempts: 0, retryAt: null });
        }
        for (const item of accepted) this.acknowledge(item);
        this.put(setAside);
        this.target = { ...this.target, cursor };
        if (verdict === "is-back") this.retrySuspects(now);
        if (typeof verdict === "object") this.fail(verdict);
        else if (verdict !== "unsaid") this.target = { ...this.target, attempts: 0, retryAt: 0 };
        return new Set();
      }),
    recordFailure: (_, failure) => this.at(() => this.fail(failure)),
    reopen: (target) =>
      this.at(() => {
        const { seen } = target.cursor;
        this.target = { ...this.target, cursor: { floor: 0, backlog: seen, seen }, needsReopen: false };
        return this.target;
      }),
    beginCompare: (_, head) =>
      this.at(() => {
        for (const ack of this.acks.values())
          Object.assign(ack, { ackSeq: 0, verifySeq: null, failedSeq: null, retryAt: null });
        const cursor: Cursor = { floor: 0, backlog: head, seen: head };
        this.target = { ...this.target, cursor, needsCompare: true };
        return this.target;
      }),
    acknowledgeMatches: (_, zones) =>
      this.at(() => {
        const same = zones.flatMap((zone) => {
          const row = this.zones.get(zone.name);
          return row && !row.isDeleted && zone.digest === this.digestOf(row) ? [row] : [];
        });
        for (const row of same) this.acknowledge({ zone: this.due(row), verify: true });
        return same.length;
      }),
    endCompare: () =>
      this.at(() => {
        this.target = { ...this.target, needsCompare: false };
      }),
    verifyDue: (_, _now, limit) =>
      this.at(() =>
        [...this.zones.values()]
          .flatMap((row): VerifyDue[] => {
            const ack = this.acks.get(row.zoneId);
            if (!ack || ack.verifySeq === null) return [];
            return [
              {
                zoneId: row.zoneId,
                name: row.name,
                seq: ack.verifySeq,
                serial: ack.ackDigest === "" ? null : ack.ackSerial,
                newestSerial: row.serial,
                hasProblem: false,
                attempts: 0,
              },
            ];
          })
          .slice(0, limit),
      ),
    recordVerified: (_, verified) =>
      this.at(() => {
        for (const { due, state } of verified) {
          const ack = this.acks.get(due.zoneId);
          if (state !== "served" || !ack || ack.verifySeq !== due.seq) continue;
          ack.verifySeq = null;
          this.served.add(due.seq);
        }
      }),
  };

  readonly driver: Driver = {
    capabilities: { batchSize: 4, wantsPreviousText: false, read: { supported: true } },
    apply: (work) => this.at(() => this.apply(work)),
    status: () => this.at(() => this.answer()),
    list: (signal) => this.list(signal),
    fetch: () => this.at(() => []),
    close: () => Promise.resolve(),
  };

  private answer() {
    if (this.faults.target) throw new DriverError(this.faults.target, "memory", "call", "fault");
    return { version: "1", software: "memory", dnsAddresses: [] };
  }

  private apply(work: readonly ZoneWork[]): ZoneOutcome[] {
    this.answer();
    this.tried.push(work.map(({ name }) => name));
    if (this.faults.sending) throw new DriverError(this.faults.sending, "memory", "apply", "fault");
    if (work.some(({ name }) => this.faults.poison.has(name)))
      throw new DriverError("timeout", "memory", "apply", "it choked");
    return work.map(({ name, seq, desired }): ZoneOutcome => {
      if (this.faults.badZones.has(name))
        return { name, seq, status: "failed", error: new DriverError("rejected", "memory", "apply", "bad zone") };
      this.applied += 1;
      if (desired) this.holds.set(name, { serial: desired.serial, digest: desired.digest });
      else this.holds.delete(name);
      return { name, seq, status: "accepted" };
    });
  }

  private async *list(_: AbortSignal): AsyncGenerator<RemoteZone[]> {
    await this.at(() => this.answer());
    const all = [...this.holds].map(([name, { serial, digest }]) => ({ name, serial, digest }));
    for (let from = 0; from < all.length; from += 3) yield all.slice(from, from + 3);
  }

  readonly ports: SyncPorts = {
    store: this.store,
    lone: createLoneFailures(),
    now: () => this.now,
    random: () => 0.5,
    takeIn: async () => ({ status: "refused", message: "not in this model" }),
    observe: async (_, names) =>
      new Map(
        names.map((name) => {
          const held = this.holds.get(name);
          return [name, [held ? { kind: "serial", serial: held.serial } : { kind: "absent", reason: "REFUSED" }]];
        }),
      ),
  };
}
