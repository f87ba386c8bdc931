import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { applicationFolder } from "@/lib/application-folder";
import { FAULT_STEPS } from "@/lib/fault-points";
import { type Declaration, reachedFrom, readModules } from "./testing/engine-code";

/** Which commits the fault suite kills servers at: `KILLS` has an entry for each step by its type, and here the steps are those of the source. */
const COMMIT = /(?:db\.(?:relaxedT|rawT|visibleT|t)ransaction|db\.statement|\bfenced)\(/g;

const modules = readModules();
const all = [...modules.values()].flatMap(({ declarations }) => [...declarations.values()]);

/** What the engine never comes to, although it lies there or is named there: somebody asks for it, and hears of it when it is not done. */
const ASKED_FOR: Readonly<Record<string, string>> = {
  "lib/engine/sync-now.ts": "the button “Synchronize Zones Immediately”",
};
/** The database itself, which the others write with. */
const BENEATH = /^lib\/db\//;

/** Brings the local nameserver to the engine. */
const NAMESERVER = "lib/server/nameserver.ts";
const isEngine = ({ file }: Declaration) =>
  (file.startsWith("lib/engine/") && !(file in ASKED_FOR)) || file === NAMESERVER;

/** All that the engine works for: its own code and what that calls. */
const engine = [...reachedFrom(modules, all.filter(isEngine))].filter(({ file }) => !BENEATH.test(file));

/** What stands between the parentheses of every call of a function whose name ends so. */
function callsOf(text: string, name: RegExp): string[] {
  return [...text.matchAll(name)].map(({ index, 0: head }) => {
    let depth = 1;
    let end = index + head.length;
    for (; depth > 0 && end < text.length; end++) depth += text[end] === "(" ? 1 : text[end] === ")" ? -1 : 0;
    return text.slice(index + head.length, end - 1);
  });
}

const stepIn = (call: string) => FAULT_STEPS.find((step) => call.includes(`"${step}"`));
const namelessIn = ({ text }: Declaration) => callsOf(text, COMMIT).some((call) => stepIn(call) === undefined);

const tables = readdirSync(path.join(applicationFolder(), "prisma/models")).flatMap((file) =>
  readFileSync(path.join(applicationFolder(), "prisma/models", file), "utf8").match(/(?<=^model )\w+/gm),
);
const table = `(?:${tables.map((name) => `${name?.[0]?.toLowerCase()}${name?.slice(1)}`).join("|")})`;
/** Outside of a transaction, whose handle has the name `tx` everywhere. */
const WRITE = new RegExp(
  [
    String.raw`(?<!\btx\.)\b${table}\.(?:create|update|delete|upsert)\w*\(`,
    String.raw`(?<!\btx)\.\$executeRaw`,
    String.raw`(?<!\btx)\.\$queryRaw[^\x60]*\x60\s*(?:INSERT|UPDATE|DELETE)`,
  ].join("|"),
);

function writesIn({ text }: Declaration): boolean {
  return WRITE.test(callsOf(text, /db\.statement\(/g).reduce((rest, call) => rest.replace(call, ""), text));
}

const named = ({ file, name }: Declaration) => `${file}: ${name}`;

describe("of all that the engine works for", () => {
  it("every commit is a step", () => {
    expect(engine.filter(namelessIn).map(named)).toEqual([]);
  });

  it("nothing is written outside of one", () => {
    expect(engine.filter(writesIn).map(named)).toEqual([]);
  });

  it("nothing is left out", () => {
    const folders = new Set(engine.map(({ file }) => file.split("/")[1]));
    expect([...folders]).toEqual(
      expect.arrayContaining(["change-sets", "cluster", "members", "notifications", "trust"]),
    );
    expect(engine.map(named)).toEqual(
      expect.arrayContaining([
        "lib/zones/receive.ts: receiveZones",
        "lib/conflicts/record-overwritten.ts: recordOverwritten",
      ]),
    );
  });
});

it("a commit without a step, and a write that commits by itself, are seen", () => {
  const declaration = (text: string) => ({ file: "lib/engine/x.ts", name: "x", text });
  for (const write of [
    "ctx.db.client.zone.updateMany({})",
    "const { member } = ctx.db.client; member.update({})",
    "db.lease.deleteMany({})",
    "db.client.$executeRaw(sql`UPDATE`)",
    "db.$queryRaw<Row[]>(sql`\n  UPDATE …",
  ])
    expect(writesIn(declaration(write)), write).toBe(true);
  for (const other of [
    "tx.zone.updateMany({})",
    "tx.$executeRaw(sql`UPDATE`)",
    'db.statement((db) => db.zone.updateMany({ where: (a) }), "record")',
    "runners.delete(id)",
    "db.$queryRaw(sql`SELECT",
  ])
    expect(writesIn(declaration(other)), other).toBe(false);
  expect(namelessIn(declaration("ctx.db.transaction((tx) => work(tx))"))).toBe(true);
  expect(namelessIn(declaration('ctx.db.transaction((tx) => work(tx), "record")'))).toBe(false);
});

it("every step is one commit", () => {
  const steps = all.flatMap(({ text }) => callsOf(text, COMMIT).flatMap((call) => stepIn(call) ?? []));
  expect(steps.sort()).toEqual([...FAULT_STEPS].sort());
});
