import { expect, signIn, startSession, test } from "../fixtures/test";
import { ROOT, SET_UP } from "./set-up-server";

test("pages come under a strict policy that they keep", async ({ page, startFreshServer }) => {
  const server = await startFreshServer(SET_UP);
  const complaints: string[] = [];
  page.on("console", (message) => {
    // The next page cuts off what the one before still asks for.
    const isCutOff = message.text().includes("Failed to fetch RSC payload");
    if (message.type() === "error" && !isCutOff) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await signIn(page, server.url, ROOT);
  for (const path of ["/", "/zones", "/cluster", "/tokens", "/users", "/audit", "/settings", "/account"]) {
    const response = await page.goto(`${server.url}${path}`);
    const headers = response?.headers() ?? {};
    expect(headers["content-security-policy"], path).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic';/);
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
      "strict-transport-security": expect.stringContaining("max-age="),
    });
    expect(headers["x-powered-by"]).toBeUndefined();
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  }
  expect(complaints).toEqual([]);
});

test("an action called from another origin is refused", async ({ page, startFreshServer }) => {
  const server = await startFreshServer(SET_UP);
  await startSession(page, server.url, ROOT);
  await page.goto(`${server.url}/settings`);
  const sent = page.waitForRequest((request) => request.method() === "POST");
  const form = page.locator("form", { has: page.getByLabel("Contact") });
  await form.getByRole("button", { name: "Save" }).click();
  const request = await sent;
  await expect(page.getByText("The settings for new zones were saved.")).toBeVisible();
  const again = (origin: string) =>
    page.request.post(request.url(), {
      headers: { ...request.headers(), origin },
      data: request.postDataBuffer() ?? "",
    });
  expect((await again(server.url)).status()).toBe(200);
  expect((await again("https://example.com")).ok()).toBe(false);
});
