import { describe, expect, it } from "vitest";
import type { ReceiptState, TargetReceipt } from "@/lib/zones/receipts";
import { latencyWords, receiptKind, receiptSentence } from "./receipt-words";

const target = (state: ReceiptState, servedMs: number | null = null, error: string | null = null): TargetReceipt => ({
  targetId: 1,
  kind: "member",
  label: "ns1.example.com",
  state,
  acceptedMs: servedMs,
  servedMs,
  observedSerial: null,
  detail: null,
  error,
  retryAt: null,
  held: null,
  notes: [],
  isProvable: state !== "unverified",
  newerServed: null,
});
const receipts = (targets: TargetReceipt[], isDeletion = false) => ({
  seq: 1,
  zone: "a.example.",
  serial: 1,
  committedAt: 0,
  isDeletion,
  targets,
});

describe("receiptSentence and receiptKind", () => {
  it.each([
    [receipts([]), "warning", /^No nameserver/],
    [receipts([target("pending"), target("pending")]), "waiting", /^Served by 0 of 2/],
    [receipts([target("served", 8), target("accepted")]), "partial", /^Served by 1 of 2/],
    [receipts([target("served", 8), target("served", 41)]), "ok", /^Served by all 2 nameservers in 41 ms/],
    [receipts([target("served", 8)]), "ok", /^Served by its nameserver in 8 ms/],
    [receipts([target("served")]), "ok", /^Served by its nameserver$/],
    [receipts([target("served", 8), target("paused")]), "ok", /^Served by its nameserver/],
    [receipts([target("paused")]), "paused", /disabled/],
    [receipts([target("served", 8), target("set-aside", null, "refused")]), "warning", /1 of 2/],
    [receipts([target("pending", null, "unreachable")]), "warning", /0 of 1/],
    [
      receipts([target("served", 8), target("unverified", 20)]),
      "ok",
      /^Served by its nameserver in 8 ms, accepted by 1 that/,
    ],
    [
      receipts([target("accepted"), target("unverified", 20)]),
      "partial",
      /^Served by 0 of 1 nameservers, accepted by 1 that/,
    ],
    [receipts([target("unverified", 20)]), "partial", /^Accepted by 1 that cannot be verified over DNS/],
    [
      receipts([target("served", 8), target("disabled", null, "why")]),
      "warning",
      /^Served by its nameserver in 8 ms, 1 disabled$/,
    ],
    [
      receipts([target("served", 8), target("maintenance", null, "why")]),
      "ok",
      /^Served by its nameserver in 8 ms, 1 paused$/,
    ],
    [receipts([target("disabled", null, "why")]), "warning", /^Nothing is sent: 1 disabled$/],
    [receipts([target("served", 8)], true), "ok", /^No longer answered by its nameserver/],
  ])("%#: says how far it is", (given, kind, sentence) => {
    expect(receiptKind(given)).toBe(kind);
    expect(receiptSentence(given)).toMatch(sentence);
  });
});

describe("latencyWords", () => {
  it.each([
    [0.4, "0 ms"],
    [999, "999 ms"],
    [1_240, "1.2 s"],
    [90_000, "2 min"],
    [7_200_000, "2 h"],
  ])("%d", (ms, words) => {
    expect(latencyWords(ms)).toBe(words);
  });
});
