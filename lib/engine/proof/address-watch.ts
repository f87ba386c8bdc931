import { type DnsAddress, formatAddress } from "@/lib/wire/dns-address";

/** An address from which nothing comes back. */
export interface Silence {
  /** Epoch milliseconds of the first question in vain. */
  readonly since: number;
  /** Why, in a sentence. */
  readonly reason: string;
}

/** So long a silence may be a restart, and says nothing of the zones yet. */
const SHORT_MS = 30_000;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;

export type AddressWatch = ReturnType<typeof createAddressWatch>;

/** Remembers which addresses of which targets are silent, so that each costs one question now and then. What a restart forgets is found out again by one question. */
export function createAddressWatch(now: () => number) {
  const silences = new Map<string, Silence & { tries: number; nextAt: number }>();
  const key = (targetId: number, address: DnsAddress | null) =>
    `${targetId} ${address ? formatAddress(address) : "stopped"}`;
  return {
    /** undefined: it answers, or was not asked. */
    silenceOf: (targetId: number, address: DnsAddress | null): Silence | undefined =>
      silences.get(key(targetId, address)),
    /** Whether it is worth a question now. */
    isAskable(targetId: number, address: DnsAddress | null): boolean {
      const silence = silences.get(key(targetId, address));
      return !silence || silence.nextAt <= now() || silence.nextAt > now() + LONGEST_PAUSE_MS;
    },
    /** It was asked in vain. */
    noteSilent(targetId: number, address: DnsAddress | null, reason: string): Silence {
      const before = silences.get(key(targetId, address));
      const tries = (before?.tries ?? 0) + 1;
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(tries - 1, 10), LONGEST_PAUSE_MS);
      const silence = { since: before?.since ?? now(), reason, tries, nextAt: now() + pause };
      silences.set(key(targetId, address), silence);
      return silence;
    },
    /** It answered. @returns whether that ends a silence that was held against its zones */
    noteAnswer(targetId: number, address: DnsAddress | null): boolean {
      const before = silences.get(key(targetId, address));
      silences.delete(key(targetId, address));
      return before !== undefined && isLong(before, now());
    },
    /** Somebody wants it asked now: the pause is over, the silence goes on. */
    hurry(targetId: number, address: DnsAddress | null): void {
      const silence = silences.get(key(targetId, address));
      if (silence) silence.nextAt = now();
    },
  };
}

/** Whether it counts as the nameserver's state, and not as a restart. */
export function isLong({ since }: Silence, now: number): boolean {
  return now - since >= SHORT_MS || now < since;
}
