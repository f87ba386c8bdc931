import { cpus } from "node:os";
import { defineConfig } from "@playwright/test";
import { browserPath } from "./e2e/fixtures/browser";

/**
 * Journeys through a real browser against real servers (e2e/fixtures). `desktop` is the suite; `screenshots` writes public/screenshots and runs only when
 * it is asked for (npm run screenshots).
 */
export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results/e2e",
  forbidOnly: true,
  retries: 0,
  // Every worker has three servers of its own.
  workers: cpus().length > 3 ? 2 : 1,
  // Long enough for a slow machine that does something else besides: how long something takes never decides a test.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  use: {
    ignoreHTTPSErrors: true,
    viewport: { width: 1280, height: 800 },
    colorScheme: "light",
    locale: "en-GB",
    timezoneId: "UTC",
    // What fades in has other colours for a moment, and what moves is elsewhere by the time it is clicked.
    contextOptions: { reducedMotion: "reduce" },
    // Recording one takes a fifth of the time; --trace=retain-on-failure asks for it.
    trace: "off",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: browserPath(),
      // Chromium's sandbox refuses to run as root, which is what a container's tests run as.
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    },
  },
  projects: [
    { name: "desktop", testIgnore: "**/*.screenshots.ts" },
    { name: "screenshots", testMatch: "**/*.screenshots.ts" },
  ],
});
