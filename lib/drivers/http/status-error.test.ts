import { expect, it } from "vitest";
import { connectionProblem } from "./connection-problem";
import { statusError } from "./status-error";

it.each([
  ["a credential that is not known", 401, {}, "token-refused", "Why."],
  ["a privilege that is missing", 403, {}, "missing-privilege", "Why."],
  [
    "an address that is not trusted",
    403,
    { "x-zonefleet-problem": "address-not-trusted" },
    "address-not-trusted",
    "address",
  ],
  ["a problem of a later version", 403, { "x-zonefleet-problem": "something-else" }, "missing-privilege", "Why."],
])("names %s", (_, status, headers, code, words) => {
  const error = statusError({ status, headers, body: Buffer.from("Why.") }, "ns1", "version", undefined);
  expect(error).toMatchObject({ kind: "auth", message: expect.stringContaining(words) });
  expect(connectionProblem(error)?.code).toBe(code);
});
