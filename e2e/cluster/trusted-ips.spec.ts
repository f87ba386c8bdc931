import { openContext } from "@/lib/server/testing/open-context";
import { createToken } from "@/lib/tokens/service";
import { expectNoAxeViolations } from "../fixtures/axe";
import { expect, scriptsRan, startSession, test } from "../fixtures/test";
import { PASSWORD, variablesOf, WEB_SERVER } from "./cluster-server";

test("a call from an untrusted address is refused, and trusted with one click", async ({
  page,
  request,
  startFreshServer,
}) => {
  // A proxy whose word is believed stands for callers from elsewhere: everything here is one machine.
  const server = await startFreshServer({ ...WEB_SERVER, ZONEFLEET_TRUSTED_PROXIES: "127.0.0.0/8" });
  const ctx = await openContext(variablesOf(server));
  const { token } = await createToken(ctx, ctx.root, { name: "ns7", acls: ["clustering"] });
  await ctx.close();
  const call = () =>
    request.get(`${server.url}/scripts2/getzonelist_local?`, {
      headers: { authorization: `whm root:${token}`, "x-forwarded-for": "203.0.113.7" },
    });
  const refused = await call();
  expect(refused.status()).toBe(403);
  expect(await refused.text()).toContain("203.0.113.7 is not a trusted IP of this server.");

  await startSession(page, server.url, { user: "root", password: PASSWORD });
  await page.goto(`${server.url}/cluster`);
  await expect(page.getByText("Calls of a server were refused.")).toBeVisible();
  await page.getByRole("link", { name: "Look at them" }).click();
  await expect(page.getByRole("heading", { name: "Configure Remote Service IPs" })).toBeVisible();
  await scriptsRan(page);
  const row = page
    .getByRole("table", { name: "Callers that were refused" })
    .getByRole("row", { name: /203\.0\.113\.7/ });
  await expect(row).toContainText("getzonelist_local");
  await expectNoAxeViolations(page);
  await row.getByRole("button", { name: "Trust 203.0.113.7" }).click();
  await expect(page.getByText("203.0.113.7 is trusted from its next call on.")).toBeVisible();
  await expect(page.getByLabel("Trusted addresses")).toHaveValue("203.0.113.7");
  expect((await call()).status()).toBe(200);

  await test.step("it is taken off the list again", async () => {
    await page.getByLabel("Trusted addresses").fill("198.51.100.0/24\nnonsense");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("“nonsense” is not an IP address")).toBeVisible();
    await page.getByLabel("Trusted addresses").fill("198.51.100.0/24");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("The trusted IPs were saved.")).toBeVisible();
    expect((await call()).status()).toBe(403);
    await expect(row).toBeVisible();
  });
});

test("a domain whose nameserver is not a trusted IP is added with a warning", async ({ page, startFreshServer }) => {
  const server = await startFreshServer(WEB_SERVER);
  await startSession(page, server.url, { user: "root", password: PASSWORD });
  await page.goto(`${server.url}/zones/add?from=text`);
  await page.getByRole("textbox", { name: "Zone file" }).fill(`$ORIGIN elsewhere.example.
$TTL 300
@ SOA ns1 hostmaster 1 7200 3600 1209600 3600
@ NS ns1
ns1 A 203.0.113.99
`);
  await expect(page.getByLabel("Domain").last()).toHaveValue("elsewhere.example");
  const form = page.getByRole("form", { name: "Add a zone from a zone file" });
  await form.getByRole("button", { name: "Add zone" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("elsewhere.example");
  await expect(page.getByText("Its nameserver ns1.elsewhere.example has the address 203.0.113.99")).toBeVisible();
});
