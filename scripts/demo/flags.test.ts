import { describe, expect, it } from "vitest";
import type { Structure } from "@/lib/server/testing/start-cluster";
import { demoFlags } from "./flags.mjs";

describe("demoFlags", () => {
  it("takes direct links unless told otherwise", () => {
    expect(demoFlags(["--detach"]).flags).toEqual({ structure: "direct", detach: true, stop: false, reset: false });
  });

  it.each<Structure>(["direct", "intermediary", "multiple"])("knows the structure %s", (structure) => {
    expect(demoFlags(["--structure", structure]).flags).toMatchObject({ structure });
    expect(demoFlags([`--structure=${structure}`]).flags).toMatchObject({ structure });
  });

  it.each([
    [["--structure", "ring"], 'There is no structure "ring". Choose one of: direct, intermediary, multiple.'],
    [["--structure"], "--structure"],
    [["--detached"], "--detached"],
    [["multiple"], "multiple"],
  ])("refuses %j in words", (args, words) => {
    expect(demoFlags(args).problem).toContain(words);
  });
});
