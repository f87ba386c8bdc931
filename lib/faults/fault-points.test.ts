import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { applicationFolder } from "@/lib/application-folder";
import { FAULT_STEPS } from "@/lib/fault-points";

/** Which commits the fault suite kills servers at: `KILLS` has an entry for each step by its type, and here the steps are those of the source. */
const lib = path.join(applicationFolder(), "lib");
const sources = readdirSync(lib, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.ts$/.test(file) && !/\.test\.ts$|(^|\/)testing\/|^fault-points\.ts$/.test(file))
  .map((file) => ({ file, text: readFileSync(path.join(lib, file), "utf8") }));

/** What stands between the parentheses of every call of a function whose name ends so. */
function* callsOf(text: string, name: RegExp): Generator<string> {
  for (const { index, 0: head } of text.matchAll(name)) {
    let depth = 1;
    let end = index + head.length;
    for (; depth > 0 && end < text.length; end++) depth += text[end] === "(" ? 1 : text[end] === ")" ? -1 : 0;
    yield text.slice(index + head.length, end - 1);
  }
}

/** The last function that begins before `call`. */
function functionWith(text: string, call: string): string {
  return [...text.slice(0, text.indexOf(call)).matchAll(/^(?:export )?(?:async )?function (\w+)/gm)].at(-1)?.[1] ?? "";
}

const stepIn = (call: string) => FAULT_STEPS.find((step) => call.includes(`"${step}"`));

it("every commit of the engine is a step", () => {
  const nameless = sources
    .filter(({ file }) => file.startsWith("engine/"))
    .flatMap(({ file, text }) =>
      [...callsOf(text, /(?:db\.(?:relaxedT|rawT|visibleT|t)ransaction|\bfenced)\(/g)]
        .filter((call) => stepIn(call) === undefined)
        .map((call) => `${file}: ${functionWith(text, call)}`),
    );
  expect(nameless).toEqual([]);
});

it("every step is one commit", () => {
  const steps = sources.flatMap(({ text }) =>
    [...callsOf(text, /(?:db\.(?:relaxedT|rawT|visibleT|t)ransaction|\bfenced)\(/g)].flatMap(
      (call) => stepIn(call) ?? [],
    ),
  );
  expect(steps.sort()).toEqual([...FAULT_STEPS].sort());
});
