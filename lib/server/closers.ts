import { logger } from "@/lib/logger";

const log = logger("server");

/** What has to be ended, in the reverse of the order in which it was started. Also after a start that failed or was interrupted halfway. */
export class Closers {
  #entries: { readonly name: string; readonly close: () => Promise<void> | void }[] = [];

  add(name: string, close: () => Promise<void> | void): void {
    this.#entries.push({ name, close });
  }

  /** One part that fails to end does not keep the others from it. @returns whether all of them ended well. */
  async run(): Promise<boolean> {
    let isClean = true;
    for (let entry = this.#entries.pop(); entry; entry = this.#entries.pop()) {
      try {
        await entry.close();
      } catch (error) {
        isClean = false;
        log.error("A part of the server did not end well.", { part: entry.name, error });
      }
    }
    return isClean;
  }
}
