import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { readSettings, writeSettings } from "./settings";

describe.each(["sqlite", "postgresql"] as const)("settings groups on %s", (provider) => {
  let ctx: TestContext;
  beforeAll(async () => {
    ctx = await testContext(provider);
  });
  afterAll(() => ctx.close());

  it("take changes of different fields of one group at once", async () => {
    for (let round = 1; round <= 5; round++) {
      const isOn = round % 2 === 1;
      const changes = [
        { isEnabled: isOn },
        { failureThreshold: round },
        { notifyOnDisable: !isOn },
        { autoEnable: isOn },
        { mostRemovals: 10 + round },
        { orphanGraceHours: 72 + round },
      ];
      await Promise.all(changes.map((change) => ctx.db.transaction((tx) => writeSettings(tx, "cluster", change))));
      expect(await readSettings(ctx.db.client, "cluster")).toEqual({
        isEnabled: isOn,
        failureThreshold: round,
        notifyOnDisable: !isOn,
        autoEnable: isOn,
        mostRemovals: 10 + round,
        orphanGraceHours: 72 + round,
      });
    }
  });
});
