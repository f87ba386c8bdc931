import { describe, expect, it } from "vitest";
import { isProvable, type ReceiptRow, stateOf } from "./receipt-rows";

/** Change 5 of a zone at a member that took it and was not seen serving it. */
const accepted: ReceiptRow = {
  ...{
    id: 1,
    memberId: 1,
    hostname: "ns1.example.net",
    ownerId: 1,
    remoteHostname: "",
    backend: "whm",
    username: "root",
  },
  ...{
    disabledAt: null,
    disabledReason: null,
    pausedAt: null,
    pausedUntil: null,
    targetError: null,
    targetRetryAt: 0n,
  },
  ...{ ackSeq: 5n, observedSerial: 4n, observedState: "unknown", verifySeq: 5n, observedDetail: null },
  ...{
    failedSeq: null,
    retryAt: null,
    error: null,
    notes: null,
    acceptedAt: 1_000n,
    servedAt: null,
    newerServed: null,
  },
  dnsAddresses: '[{"address":"192.0.2.1","port":53}]',
};
const change = { seq: 5, serial: 2026112801, newestSeq: 5, isEnabled: true };

describe("a change that was accepted", () => {
  it("and whose acknowledgement was voided waits again, and DNS will tell of it", () => {
    const voided = { ...accepted, ackSeq: 0n, verifySeq: null };
    expect(stateOf(voided, change)).toBe("pending");
    expect(stateOf({ ...voided, disabledAt: 1n }, change)).toBe("disabled");
    expect(isProvable(voided)).toBe(true);
  });

  it("is superseded by a newer one only", () => {
    expect(stateOf(accepted, change)).toBe("accepted");
    expect(stateOf({ ...accepted, ackSeq: 6n }, { ...change, newestSeq: 6 })).toBe("superseded");
    expect(stateOf({ ...accepted, ackSeq: 0n }, { ...change, newestSeq: 6 })).toBe("superseded");
  });
});
