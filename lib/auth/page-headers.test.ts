import { describe, expect, it } from "vitest";
import { setPageHeaders } from "./page-headers";

function prepare(url: string, headers: Record<string, string> = {}, isDevelopment = false) {
  const sent = new Map<string, string>();
  const request = { url, headers: { ...headers } as Record<string, string | undefined> };
  const response = { setHeader: (name: string, value: unknown) => sent.set(name.toLowerCase(), String(value)) };
  setPageHeaders(request, response as never, { isDevelopment });
  return { sent, headers: request.headers };
}

describe("setPageHeaders", () => {
  it("gives every page a nonce of its own, the same in request and response", () => {
    const [first, second] = [prepare("/zones"), prepare("/zones")];
    const policy = first.sent.get("content-security-policy") ?? "";
    expect(policy).toContain(`'nonce-${first.headers["x-nonce"]}'`);
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(first.headers["content-security-policy"]).toBe(policy);
    expect(second.headers["x-nonce"]).not.toBe(first.headers["x-nonce"]);
  });

  it.each(["/", "/zones/example.com", "/sign-in?to=%2F", "/apiary"])("covers the page %s", (url) => {
    expect(prepare(url).sent.has("content-security-policy")).toBe(true);
  });

  it.each(["/_next/static/a.js", "/api/events", "/json-api/version", "/scripts2/x", "/healthz"])(
    "leaves %s alone",
    (url) => {
      const { sent, headers } = prepare(url, {
        "content-security-policy": "script-src 'nonce-evil'",
        "x-nonce": "evil",
      });
      expect(sent.has("content-security-policy")).toBe(false);
      expect(headers["x-nonce"]).toBeUndefined();
      expect(headers["content-security-policy"]).toBeUndefined();
    },
  );

  it("overwrites what a caller sent", () => {
    const { headers } = prepare("/zones", { "x-nonce": "evil", "x-zonefleet-path": "//example.com" });
    expect(headers["x-nonce"]).not.toBe("evil");
    expect(headers["x-zonefleet-path"]).toBe("/zones");
  });

  it.each([
    ["/zones?q=a&_rsc=xyz&page=2", "/zones?q=a&page=2"],
    ["/zones?_rsc=xyz", "/zones"],
    ["/", "/"],
  ])("passes the path of %s as %s", (url, path) => {
    expect(prepare(url).headers["x-zonefleet-path"]).toBe(path);
  });

  it("asks for HTTPS only where it was used", () => {
    expect(prepare("/", { "x-forwarded-proto": "https" }).sent.get("strict-transport-security")).toMatch(
      /^max-age=\d+$/,
    );
    expect(prepare("/", { "x-forwarded-proto": "http" }).sent.has("strict-transport-security")).toBe(false);
  });
});
