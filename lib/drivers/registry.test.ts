import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { applicationFolder } from "@/lib/application-folder";

const folder = path.join(applicationFolder(), "lib/drivers");
const registry = readFileSync(path.join(folder, "registry.ts"), "utf8");
const drivers = Array.from(registry.matchAll(/from "\.\/([a-z-]+)\/driver"/g), ([, name = ""]) => name);

it("names drivers", () => expect(drivers).toContain("whm"));

it.each(drivers)("has the conformance suite run for %s", (name) => {
  const tests = readdirSync(path.join(folder, name)).filter((file) => file.endsWith(".test.ts"));
  const runs = tests.filter((file) =>
    /^describeDriverConformance\(/m.test(readFileSync(path.join(folder, name, file), "utf8")),
  );
  expect(runs).not.toEqual([]);
});
