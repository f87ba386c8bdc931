import { ResponseCookies } from "next/dist/compiled/@edge-runtime/cookies";
import { afterEach, expect, it, vi } from "vitest";
import type { Context } from "@/lib/context";
import { secretsFromKey } from "@/lib/secrets";
import { closeSession } from "./session-cookie";

const headers = new Headers();
vi.mock("next/headers", () => ({ cookies: async () => new ResponseCookies(headers) }));
afterEach(() => headers.delete("set-cookie"));

it.each([
  [true, /^__Host-zonefleet-[^=]+=; Path=\/; .*Secure/],
  [false, /^zonefleet-[^=]+=; Path=\/; (?!.*Secure)/],
])("deletes the cookie so that browsers obey, TLS %s", async (tls, expected) => {
  await closeSession({ env: { tls }, secrets: secretsFromKey(Buffer.alloc(32, 1)) } as Context);
  const [cookie = ""] = headers.getSetCookie();
  expect(cookie).toMatch(expected);
  expect(cookie).toContain("Max-Age=0");
});
