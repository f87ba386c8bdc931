import { describe, expect, it } from "vitest";
import type { MemberReach } from "@/lib/members/reach";
import { memberTerms } from "./member-terms";

const OWNER = 7;
const OTHER = 8;
const reach = (changes: Partial<MemberReach>): MemberReach => ({
  ...{ memberId: 1, ownerId: 1, receives: true, combined: null },
  ...({ reach: { kind: "shared", except: [] }, accepts: { kind: "shared", except: [] } } as const),
  ...changes,
});
const own = { kind: "account", ownerId: OWNER } as const;

describe("memberTerms", () => {
  it.each<[string, { backend: string; role: string }, MemberReach | undefined, string]>([
    ["root's Synchronize", { backend: "whm", role: "sync" }, reach({}), "receives sends / receives sends"],
    ["root's Standalone", { backend: "whm", role: "standalone" }, reach({}), "receives / receives"],
    ["root's Write-only", { backend: "whm", role: "write-only" }, reach({ receives: false }), "sends / sends"],
    [
      "an account with a cluster of its own",
      { backend: "whm", role: "sync" },
      reach({ reach: { kind: "shared", except: [OWNER] }, accepts: { kind: "shared", except: [OWNER] } }),
      " / receives sends",
    ],
    ["a reseller's member", { backend: "whm", role: "sync" }, reach({ reach: own, accepts: own }), "receives sends / "],
    [
      "a reseller's entry that is not in effect",
      { backend: "whm", role: "sync" },
      reach({ reach: { kind: "none" }, accepts: own }),
      "receives / ",
    ],
    ["a service is never taken from", { backend: "softlayer", role: "standalone" }, reach({}), " / "],
    ["a member that is gone", { backend: "whm", role: "sync" }, undefined, " / "],
  ])("%s", (_, member, given, expected) => {
    const terms = memberTerms(member, given);
    const words = (owner: number) =>
      [terms.receives(owner) ? "receives" : "", terms.sends(owner) ? "sends" : ""].filter(Boolean).join(" ");
    expect(`${words(OWNER)} / ${words(OTHER)}`).toBe(expected);
  });
});
