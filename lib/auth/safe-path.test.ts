import { expect, it } from "vitest";
import { safePath } from "./safe-path";

it.each([
  ["/zones?q=a", "/zones?q=a"],
  ["/zones/example.com", "/zones/example.com"],
  [undefined, "/"],
  ["", "/"],
  ["zones", "/"],
  ["https://example.com/", "/"],
  ["//example.com/", "/"],
  ["/\\example.com/", "/"],
  ["/\t/example.com/", "/"],
  ["/.//example.com/", "/"],
  ["/%2e//example.com/", "/"],
  ["/zones/..//example.com/", "/"],
  ["/./\\example.com/", "/"],
  ["javascript:alert(1)", "/"],
  ["/sign-in?to=/sign-in", "/"],
  ["//[", "/"],
])("%s leads to %s", (to, path) => {
  expect(safePath(to)).toBe(path);
});
