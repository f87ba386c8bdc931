import { expect, it } from "vitest";
import { retryAfter } from "./retry-after";

const NOON = "Fri, 20 Nov 2026 12:00:00 GMT";

it.each<[string, Record<string, string>, number | undefined]>([
  ["seconds", { "retry-after": "17" }, 17_000],
  ["none at all", { "retry-after": "0" }, 0],
  ["a date, by the clock of who says it", { "retry-after": "Fri, 20 Nov 2026 12:00:30 GMT", date: NOON }, 30_000],
  ["a date without another one to compare", { "retry-after": NOON }, undefined],
  ["a date that has passed", { "retry-after": "Fri, 20 Nov 2026 11:59:00 GMT", date: NOON }, undefined],
  ["years", { "retry-after": "Fri, 20 Nov 2099 12:00:00 GMT", date: NOON }, undefined],
  ["no number", { "retry-after": "soon", date: NOON }, undefined],
  ["a fraction", { "retry-after": "1.5" }, undefined],
  ["nothing", {}, undefined],
])("reads %s", (_, headers, expected) => {
  expect(retryAfter({ headers })).toBe(expected);
});
