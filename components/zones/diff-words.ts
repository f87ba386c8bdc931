import { type RRsetDiff, recordDiff, type ZoneDiff } from "@/lib/dns/diff";

export interface DiffCounts {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** RRsets of which only the TTL changes. */
  readonly ttl: number;
}

/** A record that gives way to another of its RRset counts as changed. */
export function countDiff(diff: ZoneDiff): DiffCounts {
  let [added, changed, removed, ttl] = [0, 0, 0, 0];
  for (const rrset of diff.rrsets) {
    const { removed: olds, added: news, ttlChanged } = recordDiff(rrset);
    const pairs = Math.min(olds.length, news.length);
    changed += pairs;
    added += news.length - pairs;
    removed += olds.length - pairs;
    if (ttlChanged && olds.length + news.length === 0) ttl++;
  }
  return { added, changed, removed, ttl };
}

const records = (count: number) => `${count} ${count === 1 ? "record" : "records"}`;

/** "2 records added, 1 changed." */
export function diffSentence(diff: ZoneDiff): string {
  const { added, changed, removed, ttl } = countDiff(diff);
  const parts = [
    { count: added, word: "added" },
    { count: changed, word: "changed" },
    { count: removed, word: "removed" },
  ].filter((part) => part.count > 0);
  const words = parts.map(({ count, word }, index) => `${index === 0 ? records(count) : count} ${word}`);
  if (ttl > 0) words.push(`a new TTL for ${ttl === 1 ? "one name and type" : `${ttl} names and types`}`);
  if (words.length === 0) return diff.serial ? "Only the serial differs." : "Nothing differs.";
  const sentence = words.join(", ");
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

/** What happens to one RRset, in a word or two. */
export function rrsetWords(rrset: RRsetDiff): string {
  if (!rrset.before) return "added";
  if (!rrset.after) return "removed";
  const { ttlChanged } = recordDiff(rrset);
  return ttlChanged ? `TTL ${rrset.before.ttl} → ${rrset.after.ttl}` : "changed";
}
