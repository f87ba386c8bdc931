import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWhmEmulator, type WhmEmulator } from "@/e2e/emulators/whm/whm-emulator";
import type { ReverseTrust } from "@/lib/drivers/driver";
import { createWhmDriver } from "./driver";

describe("reverse trust with a WHM", () => {
  let whm: WhmEmulator;
  let trust: ReverseTrust;
  const offer = { address: "192.0.2.1", port: 2087, username: "root", token: "OUR-TOKEN-0123456789", pin: null };
  const signal = () => AbortSignal.timeout(5_000);

  beforeAll(async () => {
    whm = await startWhmEmulator();
    const driver = createWhmDriver({
      ...{ host: "localhost", address: "127.0.0.1", port: whm.port, pin: whm.pin, role: "sync" },
      ...{ username: "root", token: "WHMTOKEN0123456789", self: { serverId: "OWN", hostname: "web1.example.net" } },
    });
    if (!driver.reverseTrust) throw new Error("WHM servers call their members.");
    trust = driver.reverseTrust;
  });
  afterAll(() => whm.close());

  it("is established with the form that WHM itself sends", async () => {
    expect(await trust.ask("192.0.2.1", signal())).toEqual({ state: "missing", detail: null });
    expect(await trust.establish(offer, signal())).toContain("has been established");
    expect(whm.trusted.get("192.0.2.1")).toEqual({ user: "root", pass: "OUR-TOKEN-0123456789" });
    const request = whm.requests.at(-1);
    expect(request).toMatchObject({
      method: "POST",
      path: "/cgi/trustclustermaster.cgi",
      contentType: "application/octet-stream",
    });
    expect([...(request?.fields.keys() ?? [])].sort()).toEqual(["clustermaster", "pass", "recurse", "user", "version"]);
    expect(request?.fields.get("recurse")).toBe("0");
    expect(await trust.ask("192.0.2.1", signal())).toEqual({ state: "unchecked", detail: null });
  });

  it("is not tried when WHM could never call back", async () => {
    const attempt = trust.establish({ ...offer, port: 3087 }, signal());
    await expect(attempt).rejects.toMatchObject({ kind: "unsupported", message: expect.stringContaining("2087") });
  });

  it("is refused in the words of the other side", async () => {
    const attempt = trust.establish({ ...offer, username: "" }, signal());
    await expect(attempt).rejects.toMatchObject({ kind: "rejected", message: expect.stringContaining("Missing") });
  });
});
