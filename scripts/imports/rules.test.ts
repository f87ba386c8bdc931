import { describe, expect, it } from "vitest";
import { readImports } from "./read-imports";
import { importProblems } from "./rules";

function problems(path: string, text: string): string[] {
  return importProblems({ path, text, imports: readImports(path, text) });
}

describe("readImports", () => {
  it("finds every way of naming a module, and none in comments", () => {
    const text = `
      import a, { type B } from "@/lib/errors";
      import "./globals.css";
      import {
        long,
      } from "../dns/zone";
      export { x } from "@/lib/clock";
      const next = await import("next");
      // import "commented";
      /* import "also-commented"; */
      import type { Z } from "@/lib/errors";`;
    expect(readImports("lib/zones/service.ts", text)).toEqual([
      { target: "lib/errors.ts", isType: false },
      { target: "lib/zones/globals.css", isType: false },
      { target: "lib/dns/zone.ts", isType: false },
      { target: "lib/clock.ts", isType: false },
      { target: "lib/errors.ts", isType: true },
      { target: "next", isType: false },
    ]);
  });
});

describe("importProblems", () => {
  it.each([
    ["lib/dns/name.ts", `import { x } from "@/lib/errors";`],
    ["lib/dns/digest.ts", `import { createHash } from "node:crypto";`],
    ["lib/wire/query.ts", `import dgram from "node:dgram"; import { n } from "@/lib/dns/name";`],
    [
      "lib/drivers/whm/driver.ts",
      `import { http } from "@/lib/drivers/http/http-client"; import { d } from "../driver";`,
    ],
    ["lib/drivers/registry.ts", `import { knot } from "@/lib/drivers/knot/driver";`],
    ["lib/nameserver/supervisor.ts", `import { c } from "@/lib/drivers/knot/control-socket";`],
    ["lib/compat/whm/form.ts", `import { p } from "@/lib/drivers/whm/protocol";`],
    ["lib/zones/service.ts", `import { p } from "@/lib/sync/newest"; import { db } from "@/lib/db/database";`],
    ["lib/server/server.ts", `import { e } from "@/lib/engine/engine";`],
    ["app/healthz/route.ts", `import { h } from "@/lib/server/health";`],
    ["lib/members/member-view.ts", `import type { Member } from "@/prisma/generated/sqlite/client";`],
    ["lib/dns/name.test.ts", `import { z } from "@/lib/zones/service";`],
    ["lib/env.ts", `const a = process.env;`],
  ])("allows %s %s", (path, text) => {
    expect(problems(path, text)).toEqual([]);
  });

  it.each([
    ["lib/dns/name.ts", `import { x } from "@/lib/wire/query";`, "dns must not import wire"],
    ["lib/sync/plan.ts", `import fs from "node:fs";`, "pure"],
    ["lib/sync/plan.ts", `import { z } from "zod";`, "pure"],
    ["lib/dns/name.ts", `import { z } from "../db/database";`, "dns must not import services"],
    ["lib/drivers/whm/driver.ts", `import { k } from "../knot/driver";`, "another driver"],
    ["lib/members/open-driver.ts", `import { w } from "@/lib/drivers/whm/driver";`, "registry.ts only"],
    ["lib/compat/whm/form.ts", `import { w } from "@/lib/drivers/whm/driver";`, "registry.ts only"],
    ["lib/zones/service.ts", `import { e } from "@/lib/engine/engine";`, "services must not import engine"],
    ["lib/compat/whm/decode.ts", `import { e } from "@/lib/engine/engine";`, "compat must not import engine"],
    ["lib/zones/service.ts", `import { Button } from "@/components/ui/button";`, "services must not import app"],
    ["app/(panel)/zones/page.tsx", `import { db } from "@/lib/db/database";`, "not the database"],
    ["app/(panel)/page.tsx", `import type { Zone } from "@/prisma/generated/sqlite/client";`, "lib/db only"],
    ["lib/zones/service.ts", `import { P } from "@/prisma/generated/sqlite/client";`, "lib/db only"],
    ["lib/zones/service.ts", `const a = process.env.HOME;`, "lib/env.ts only"],
    ["lib/errors.ts", `import { n } from "@/lib/dns/name";`, "leaf must not import dns"],
  ])("refuses %s %s", (path, text, why) => {
    expect(problems(path, text).join("\n")).toContain(why);
  });
});
