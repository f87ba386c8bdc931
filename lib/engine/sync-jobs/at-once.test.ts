import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { atOnce, type DueWork } from "./at-once";

const { signal } = new AbortController();
const options = { lookMs: 0, most: 2, signal };

describe("atOnce", () => {
  it("does not begin anew what ended while it was asked what is due", async () => {
    let runs = 0;
    let end = () => {};
    const work: DueWork = {
      key: 1,
      run: () => {
        runs++;
        return new Promise<void>((resolve) => {
          end = resolve;
        });
      },
    };
    let looks = 0;
    const due = async () => {
      const found = ++looks <= 2 ? [work] : [];
      // The answer is read before the work ends, and comes after it.
      if (looks === 2) {
        end();
        await turn();
      }
      return found;
    };
    expect(await atOnce(due, options)).toBe(true);
    expect(runs).toBe(1);
  });

  it("runs no two with one key, and no more than so many", async () => {
    const running = new Set<number>();
    let most = 0;
    const left = [1, 1, 2, 3, 3, 4];
    const work = (key: number): DueWork => ({
      key,
      async run() {
        left.splice(left.indexOf(key), 1);
        expect(running.has(key)).toBe(false);
        running.add(key);
        most = Math.max(most, running.size);
        await turn();
        await turn();
        running.delete(key);
      },
    });
    while (await atOnce(async () => left.map(work), options));
    expect(left).toEqual([]);
    expect(most).toBe(2);
  });

  it("throws what the first piece threw, after all have ended", async () => {
    let isDone = false;
    const failing: DueWork = { key: 1, run: () => Promise.reject(new Error("first")) };
    const slow: DueWork = {
      key: 2,
      async run() {
        await turn();
        await turn();
        isDone = true;
      },
    };
    let looks = 0;
    const due = async () => (++looks === 1 ? [failing, slow] : []);
    await expect(atOnce(due, options)).rejects.toThrow("first");
    expect(isDone).toBe(true);
  });
});
