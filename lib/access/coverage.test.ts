import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { applicationFolder } from "@/lib/application-folder";
import { ACTIONS, PAGES, ROUTES, type Who } from "./testing/doors";

/** Layouts are not asked again when a visitor goes from page to page: they show, and guard nothing. */
const LAYOUTS: Readonly<Record<string, Who>> = {
  "(auth)/layout.tsx": "everybody",
  "(panel)/layout.tsx": "user",
  "(panel)/zones/[name]/layout.tsx": "user",
  "layout.tsx": "everybody",
};

/** What asks who is there, in the page itself or in the helper of its folder. */
const PAGE_GUARDS: Readonly<Record<Who, RegExp | null>> = {
  everybody: null,
  user: /await (currentActor\((?:"(?:notice\.read|token\.manage)")?\)|zoneOfPage\()/,
  clustering: /await clusterPage\(/,
  root: /await (currentActor\("(?:audit\.read|settings\.manage|user\.manage)"\)|clusterPage\(|templateManager\()/,
};

const SIGNED_IN = /await actorFor\(request\)/;

/** What a route asks who is there with; those for everybody have their own. */
const ROUTE_GUARDS: Readonly<Record<string, RegExp>> = {
  "api/auth/[...nextauth]/route.ts": /nextAuthOptions\(runtime\(\)\)/,
  "healthz/route.ts": /readHealth\(runtime\(\)\)/,
  "metrics/route.ts": /await mayScrape\(ctx, request\.headers\)/,
  "readyz/route.ts": /readReadiness\(runtime\(\)\)/,
};

/** Machines' endpoints, which the server answers before the pages: each asks for an API token before anything else. */
const WIRE: Readonly<Record<string, { file: string; guard: RegExp }>> = {
  cgi: { file: "trust-page.ts", guard: /await callerOf\(server, request\)/ },
  "json-api": { file: "api1.ts", guard: /await callerOf\(server, request\)/ },
  scripts2: { file: "scripts2.ts", guard: /await callerOf\(server, request\)/ },
};

/** Form posts: they hand on to an `action` of the same file that is not exported. */
const HAND_ON: Readonly<Record<string, string>> = {
  changeClusterOptions: "saveOptions",
  changeClusterStatus: "saveStatus",
  preparePlan: "makePlan",
  prepareReplace: "makePlan",
};

const app = path.join(applicationFolder(), "app");
const files = readdirSync(app, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file) && !file.includes(".test."))
  .sort();
const source = (file: string) => readFileSync(path.join(app, file), "utf8");
const named = (name: string) => files.filter((file) => path.basename(file).replace(/\.tsx?$/, "") === name);

describe("doors of the server", () => {
  it("are all in the table, and no others", () => {
    expect(named("page")).toEqual(Object.keys(PAGES).sort());
    expect(named("layout")).toEqual(Object.keys(LAYOUTS).sort());
    expect(named("route")).toEqual(Object.keys(ROUTES).sort());
    expect(files.filter((file) => /["']use server["']/.test(source(file)))).toEqual(Object.keys(ACTIONS).sort());
    // Other conventions of Next that answer requests.
    for (const name of ["default", "template", "middleware", "proxy", "sitemap", "robots", "manifest"])
      expect(named(name)).toEqual([]);
  });

  it.each([...Object.entries(PAGES), ...Object.entries(LAYOUTS)])("%s asks by itself who is there: %s", (file, who) => {
    const guard = PAGE_GUARDS[who];
    if (guard) expect(source(file)).toMatch(guard);
  });

  it.each(Object.entries(ROUTES))("%s asks by itself who is there: %s", (file, who) => {
    expect(ROUTE_GUARDS[file] !== undefined).toBe(who === "everybody");
    expect(source(file)).toMatch(ROUTE_GUARDS[file] ?? SIGNED_IN);
  });

  it("on the wire are those of the table", () => {
    const folder = path.join(applicationFolder(), "lib/compat/whm");
    const answered = readFileSync(path.join(folder, "http.ts"), "utf8").matchAll(/surface === "([^"]+)"/g);
    expect([...answered].map((match) => match[1]).sort()).toEqual(Object.keys(WIRE).sort());
    for (const { file, guard } of Object.values(WIRE))
      expect(readFileSync(path.join(folder, file), "utf8")).toMatch(guard);
  });

  it("of the REST API ask for an API token before anything else", () => {
    const text = readFileSync(path.join(applicationFolder(), "lib/compat/api/http.ts"), "utf8");
    expect(text).toMatch(/const actor = await callerOf\(server, request\);\n *const data = await handle\(/);
  });

  it.each(Object.entries(ACTIONS))("%s exports these actions, made by `action`", (file, actions) => {
    const text = source(file);
    expect(text).toMatch(/^"use server";/);
    expect(text).not.toMatch(/^export (?:default|\{|\*|let|var)/m);
    const exported = [...text.matchAll(/^export (?:const|(?:async )?function) (\w+)/gm)].map((match) => match[1]);
    expect(exported.sort()).toEqual(Object.keys(actions).sort());
    for (const [name, who] of Object.entries(actions))
      if (who !== "everybody") expect(text).toMatch(new RegExp(`const ${HAND_ON[name] ?? name} = action\\(`));
    for (const name of exported) {
      const handsOn = HAND_ON[name ?? ""];
      if (handsOn) expect(text).toContain(`await ${handsOn}(`);
    }
  });
});
