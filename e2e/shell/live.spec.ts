import type { Page } from "@playwright/test";
import type { ServerProcess } from "@/lib/server/testing/start-server";
import { createZone } from "@/lib/zones/service";
import { expect, startSession, test } from "../fixtures/test";
import { startBufferingProxy } from "./buffering-proxy";
import { beside, ROOT, SET_UP, zoneText } from "./set-up-server";

/** Another process on the same database. */
const addZone = (server: ServerProcess, name: string) =>
  beside(server, (ctx) => createZone(ctx, ctx.root, { name: `${name}.`, text: zoneText("192.0.2.1") }));

const says = (page: Page, state: "Live" | "Polling" | "Offline") =>
  expect(page.getByRole("banner").getByText(state, { exact: true })).toBeVisible({ timeout: 60_000 });

const lists = (page: Page, name: string) => expect(page.getByRole("link", { name, exact: true })).toBeVisible();

test("a page behind a proxy that holds events back polls, and goes back to them when they get through", async ({
  page,
  startFreshServer,
}) => {
  const server = await startFreshServer(SET_UP);
  const proxy = await startBufferingProxy(server.url);
  try {
    await startSession(page, proxy.url, ROOT);
    await page.goto(`${proxy.url}/zones`);
    await says(page, "Polling");
    await addZone(server, "polled.example");
    await lists(page, "polled.example");
    proxy.isBuffering = false;
    await says(page, "Live");
    await addZone(server, "told.example");
    await lists(page, "told.example");
  } finally {
    proxy.close();
  }
});

test("a page outlives a restart of its server and shows what it missed", async ({ page, startFreshServer }) => {
  const server = await startFreshServer(SET_UP);
  await startSession(page, server.url, ROOT);
  await page.goto(`${server.url}/zones`);
  await says(page, "Live");
  await server.stop();
  await says(page, "Offline");
  await addZone(server, "meanwhile.example");
  await server.start();
  await lists(page, "meanwhile.example");
  await says(page, "Live");
  await addZone(server, "afterwards.example");
  await lists(page, "afterwards.example");
});
