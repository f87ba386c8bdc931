import { describe, expect, it } from "vitest";
import { AWKWARD_NAMES } from "@/lib/drivers/conformance";
import { zonePath } from "@/lib/drivers/knot/zone-path";

describe("zonePath", () => {
  it.each(["example.com.", "xn--bcher-kva.example.", "_tcp.example.", "2.0.192.in-addr.arpa.", `${"a.".repeat(99)}`])(
    "is readable for %s",
    (zone) => expect(zonePath(zone)).toEqual({ file: `${zone}zone`, isTemplate: true }),
  );

  it.each([".", "0/25.2.0.192.in-addr.arpa.", "*.example.", "a\\.b.example.", `${"a.".repeat(120)}`])(
    "is a hash for %s",
    (zone) =>
      expect(zonePath(zone)).toEqual({
        file: expect.stringMatching(/^hashed\/[0-9a-f]{64}\.zone$/),
        isTemplate: false,
      }),
  );

  it("differs for every name and fits into a directory entry", () => {
    const files = AWKWARD_NAMES.map((zone) => zonePath(zone).file);
    expect(new Set(files).size).toBe(AWKWARD_NAMES.length);
    for (const file of files) expect(file.length).toBeLessThan(230);
  });
});
