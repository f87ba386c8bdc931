import { describe, expect, it } from "vitest";
import { clusterOptionsSchema } from "./schemas";

describe("clusterOptionsSchema", () => {
  it.each([
    [
      { threshold: "default", notify: "on" },
      { failureThreshold: 10, notifyOnDisable: true, autoEnable: false },
    ],
    [
      { threshold: "default", customThreshold: "99" },
      { failureThreshold: 10, notifyOnDisable: false, autoEnable: false },
    ],
    [
      { threshold: "custom", customThreshold: " 25 ", autoEnable: "on" },
      { failureThreshold: 25, notifyOnDisable: false, autoEnable: true },
    ],
    [
      { threshold: "never", customThreshold: "", notify: "on" },
      { failureThreshold: 0, notifyOnDisable: true, autoEnable: false },
    ],
  ])("reads %j", (form, settings) => {
    expect(clusterOptionsSchema.parse(form)).toEqual(settings);
  });

  it.each(["", "0", "-3", "1.5", "ten", "100001", "1e3"])("refuses %j as a number of one's own", (customThreshold) => {
    const result = clusterOptionsSchema.safeParse({ threshold: "custom", customThreshold });
    expect(result.error?.issues.map((issue) => issue.path)).toEqual([["customThreshold"]]);
  });
});
