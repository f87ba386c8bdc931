/**
 * When the newest changes were committed, by their numbers: what follows a change through the fleet asks here instead of the database. Changes that another process made are not
 * known. On `globalThis`, as pages commit and the engine asks.
 */
export class CommitTimes {
  /** Ascending, without overlaps. */
  #spans: { readonly first: number; readonly last: number; readonly at: number }[] = [];

  /** @param most spans that are kept; a bulk is one */
  constructor(readonly most = 10_000) {}

  /** Numbers that were given out before, by a transaction that was undone, are those of this one now. */
  note(first: number, count: number, at: number): void {
    if (count <= 0) return;
    while ((this.#spans.at(-1)?.last ?? 0) >= first) this.#spans.pop();
    this.#spans.push({ first, last: first + count - 1, at });
    if (this.#spans.length > this.most * 2) this.#spans = this.#spans.slice(-this.most);
  }

  /** Epoch milliseconds; undefined: not known, or not any more. */
  of(seq: number): number | undefined {
    let [low, high] = [0, this.#spans.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const span = this.#spans[middle];
      if (!span) return undefined;
      if (seq < span.first) high = middle - 1;
      else if (seq > span.last) low = middle + 1;
      else return span.at;
    }
    return undefined;
  }
}

const holder = globalThis as typeof globalThis & { __zonefleetCommitTimes?: CommitTimes };
holder.__zonefleetCommitTimes ??= new CommitTimes();
export const commitTimes = holder.__zonefleetCommitTimes;
