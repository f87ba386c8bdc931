import type { NewNotice } from "../raise";

/** A notice of a disabled member, with facts that a test can look for. */
export function disabledNotice(
  id: number,
  ownerId: number,
  facts: Partial<NewNotice<"member-disabled">["facts"]> = {},
): NewNotice<"member-disabled"> {
  return {
    event: "member-disabled",
    episode: `member:${id}:1`,
    ownerId,
    memberId: id,
    facts: {
      member: `ns${id}.example.net`,
      cause: `ns${id}.example.net refused the connection on port 2087.`,
      failures: 10,
      firstFailureAt: 1_763_650_000_000,
      lastFailureAt: 1_763_650_060_000,
      waitingZones: 3,
      lastServed: { zone: "example.com.", serial: 2026112001, at: 1_763_649_000_000 },
      ...facts,
    },
  };
}
