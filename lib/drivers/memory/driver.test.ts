import { describe, expect, it } from "vitest";
import { conformanceWork, describeDriverConformance } from "@/lib/drivers/conformance";
import { createMemoryDriver } from "@/lib/drivers/memory/driver";

const signal = new AbortController().signal;
const work = ["a.example.", "b.example.", "c.example."].map((zone) => conformanceWork(zone, 1));

describeDriverConformance("memory", async () => ({
  driver: createMemoryDriver(),
  addresses: [],
  stop: async () => {},
}));

describe("faults", () => {
  it("fail one zone and no other", async () => {
    const driver = createMemoryDriver({ faults: { zones: new Map([["b.example.", "rejected"]]) } });
    const outcomes = await driver.apply(work, signal);
    expect(outcomes.map(({ status }) => status)).toEqual(["accepted", "failed", "accepted"]);
    expect([...driver.zones.keys()]).toEqual(["a.example.", "c.example."]);
    driver.faults.zones.clear();
    await driver.apply(work, signal);
    expect(driver.changes.count).toBe(3);
  });

  it("fail the target, at once or half-way through a batch", async () => {
    const driver = createMemoryDriver({ faults: { target: "unreachable" } });
    await expect(driver.apply(work, signal)).rejects.toMatchObject({ kind: "unreachable" });
    await expect(driver.status(signal)).rejects.toMatchObject({ kind: "unreachable" });
    driver.faults.target = undefined;
    driver.faults.breakAfter = { zones: 2, kind: "timeout" };
    await expect(driver.apply(work, signal)).rejects.toMatchObject({ kind: "timeout" });
    expect(driver.zones.size).toBe(2);
  });

  it("claim a newer copy", async () => {
    const driver = createMemoryDriver();
    driver.faults.newer.set("a.example.", { text: "newer", updatedAt: 5 });
    const [outcome] = await driver.apply(work, signal);
    expect(outcome).toMatchObject({ status: "newer-there", text: "newer", updatedAt: 5 });
  });

  it("delay until the signal aborts", async () => {
    const driver = createMemoryDriver({ faults: { delayMs: 60_000 } });
    const controller = new AbortController();
    const applying = driver.apply(work, controller.signal);
    controller.abort();
    await expect(applying).rejects.toMatchObject({ kind: "aborted" });
  });
});
