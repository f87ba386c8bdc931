import type { ZoneRecord } from "./zone-build";

/** A record with the 1-based line of the zone file that it came from. */
export interface LocatedRecord extends ZoneRecord {
  readonly line: number;
}

/** Where the records of a zone stand in the file they were read from. Built on first use: a zone without problems never needs it. */
export class ZoneLines {
  private index: Map<string, number> | undefined;

  constructor(private readonly records: readonly LocatedRecord[]) {}

  /** The first line with that owner; of that type and with that data, when given. `undefined` when there is none. */
  lineOf(owner: string, type?: string, rdata?: string): number | undefined {
    this.index ??= this.build();
    return this.index.get([owner, type, rdata].filter((part) => part !== undefined).join(" "));
  }

  private build(): Map<string, number> {
    const index = new Map<string, number>();
    // From the last record to the first, so that the first line of several stays.
    for (const { owner, type, rdata, line } of this.records.toReversed()) {
      index.set(owner, line).set(`${owner} ${type}`, line).set(`${owner} ${type} ${rdata}`, line);
    }
    return index;
  }
}
