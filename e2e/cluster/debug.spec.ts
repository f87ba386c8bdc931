import { readFile } from "node:fs/promises";
import { setClusterEnabled } from "@/lib/cluster/settings";
import { addMember } from "@/lib/members/service";
import { type MemberServer, startMemberServer } from "@/lib/members/testing/member-server";
import { openContext } from "@/lib/server/testing/open-context";
import { expectNoAxeViolations, expectNoSidewaysScroll } from "../fixtures/axe";
import { expect, startSession, test } from "../fixtures/test";
import { PASSWORD, variablesOf, WEB_SERVER } from "./cluster-server";

let server: MemberServer;
let url: string;

test.beforeEach(async ({ page, startFreshServer }) => {
  server = await startMemberServer({ serverId: "NS1", hostname: "ns1.example.com" });
  const web = await startFreshServer(WEB_SERVER);
  url = web.url;
  const ctx = await openContext(variablesOf(web));
  await setClusterEnabled(ctx, ctx.root, true);
  await addMember(ctx, ctx.root, {
    backend: "whm",
    hostname: "127.0.0.1",
    port: server.port,
    username: "root",
    token: server.behaviour.token,
    debug: true,
    role: "sync",
    pin: server.pin(),
  });
  await ctx.close();
  await startSession(page, url, { user: "root", password: PASSWORD });
});
test.afterEach(() => server.close());

test("debug mode's records are found, downloaded and deleted", async ({ page }) => {
  await page.goto(`${url}/cluster`);
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(page.getByText("Every server was checked.")).toBeVisible();
  await page.getByRole("link", { name: "ns1.example.com", exact: true }).click();
  await expect(page.getByText("On: every exchange with this server is recorded.")).toBeVisible();
  await page.getByRole("link", { name: "Recorded transactions" }).click();

  const table = page.getByRole("table", { name: "Transactions, newest first" });
  await test.step("it says that it is on, and where the file is", async () => {
    await expect(page.getByRole("heading", { level: 1, name: "Transactions" })).toBeVisible();
    await expect(page.getByText(/Every exchange with this server is recorded in .*member-1\.jsonl/)).toBeVisible();
    await expect(table.getByText("GET version").first()).toBeVisible();
    await expectNoAxeViolations(page);
  });

  await test.step("request and reply open, without the token", async () => {
    // The oldest: newer ones come in above it meanwhile.
    await table.getByText("Request and reply").last().click();
    await expect(table.getByText("GET /json-api/").last()).toBeVisible();
    expect(await page.content()).not.toContain(server.behaviour.token);
    await page.setViewportSize({ width: 390, height: 800 });
    await expectNoSidewaysScroll(page);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  await test.step("the filter finds by command, outcome and text", async () => {
    await page.getByLabel("Command", { exact: true }).selectOption("version");
    await page.getByRole("button", { name: "Filter" }).click();
    await expect(page).toHaveURL(/command=version/);
    await expect(table.getByText("GET zonefleet_info")).toHaveCount(0);
    await expect(table.getByText("GET version").first()).toBeVisible();
    await page.getByLabel("Outcome", { exact: true }).selectOption("Failed");
    await page.getByRole("button", { name: "Filter" }).click();
    await expect(page.getByText("No recorded transaction matches the filter.")).toBeVisible();
  });

  await test.step("all of it is downloaded, a JSON object a line", async () => {
    const downloading = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download" }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe("transactions-ns1.example.com.jsonl");
    const text = await readFile(await download.path(), "utf8");
    expect(JSON.parse(text.split("\n")[0] ?? "")).toMatchObject({ method: "GET" });
    expect(text).not.toContain(server.behaviour.token);
  });

  await test.step("debug mode is switched off where the server is edited, and the records deleted", async () => {
    await page.getByRole("link", { name: "Turn debug mode off" }).click();
    await expect(page.getByRole("heading", { name: "cPanel DNS Remote Configuration" })).toBeVisible();
    await page.getByRole("checkbox", { name: "Debug mode" }).uncheck();
    await page.getByRole("button", { name: "Submit" }).click();
    await expect(page).toHaveURL(/\/cluster(\/1)?$/);
    await page.goto(`${url}/cluster/1/debug`);
    await expect(page.getByText("Nothing is recorded now.")).toBeVisible();
    await page.getByRole("button", { name: "Clear" }).click();
    const confirm = page.getByRole("dialog").getByRole("button", { name: "Delete transactions" });
    await expect(confirm).toBeVisible();
    await expectNoAxeViolations(page);
    await confirm.click();
    await expect(page.getByText("The recorded transactions were deleted.")).toBeVisible();
    await expect(page.getByText("Turn debug mode on to record what is exchanged.")).toBeVisible();
  });
});
