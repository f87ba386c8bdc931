import type { Import } from "./read-imports";

/**
 * Which file may import which: the house's one-way street, and a few places that one thing is kept to.
 *
 *     leaf ← dns ← wire ← drivers ← sync ← services ← engine, compat ← app, components, server
 */
export interface SourceFile {
  /** Path from the root, with `/`. */
  readonly path: string;
  readonly imports: readonly Import[];
  readonly text: string;
}

interface Layer {
  readonly name: string;
  readonly rank: number;
  readonly places: readonly RegExp[];
}

const LAYERS: readonly Layer[] = [
  {
    name: "leaf",
    rank: 0,
    places: [/^lib\/(env|errors|fault-points|logger|clock|ids|secrets|application-folder)\.ts$/, /^lib\/(net|live)\//],
  },
  { name: "dns", rank: 1, places: [/^lib\/dns\//] },
  { name: "wire", rank: 2, places: [/^lib\/wire\//] },
  { name: "drivers", rank: 3, places: [/^lib\/drivers\//] },
  { name: "sync", rank: 4, places: [/^lib\/sync\//] },
  { name: "engine", rank: 6, places: [/^lib\/engine\//] },
  { name: "compat", rank: 6, places: [/^lib\/compat\//] },
  { name: "server", rank: 7, places: [/^lib\/server\//] },
  { name: "app", rank: 7, places: [/^(app|components)\//, /^proxy\.ts$/] },
  // Everything else in lib: the services and what they stand on (database, settings, access).
  { name: "services", rank: 5, places: [/^lib\//] },
];

/** Node modules that compute and touch nothing. */
const PURE_MODULES = new Set(["node:assert", "node:buffer", "node:crypto", "node:punycode", "node:util"]);

function layerOf(path: string): Layer | undefined {
  return LAYERS.find((layer) => layer.places.some((place) => place.test(path)));
}

/** What drivers share: the HTTP client, and what goes with services that store record by record. */
const SHARED = new Set(["http", "records", "testing"]);

/** lib/drivers/<kind>/…: the kind. What lies directly in lib/drivers, and what drivers share, is nobody's own. */
function driverKind(path: string): string | undefined {
  const kind = /^lib\/drivers\/([^/]+)\//.exec(path)?.[1];
  return kind !== undefined && SHARED.has(kind) ? undefined : kind;
}

function layerProblem(file: SourceFile, target: string): string | undefined {
  const [from, to] = [layerOf(file.path), layerOf(target)];
  if (!from || !to || from.name === to.name) return undefined;
  if (to.rank < from.rank) return undefined;
  // Pages ask the server's own health and first start; the server hands requests to pages and imports none.
  if (from.name === "app" && to.name === "server") return undefined;
  return `${from.name} must not import ${to.name}`;
}

function driverProblem(file: SourceFile, target: string): string | undefined {
  const kind = driverKind(target);
  if (kind === undefined || driverKind(file.path) === kind || file.path === "lib/drivers/registry.ts") return undefined;
  if (driverKind(file.path) !== undefined) return "a driver must not know another driver";
  // The supervisor runs Knot and speaks to its control socket; that is its job, not a choice among drivers.
  if (kind === "knot" && file.path.startsWith("lib/nameserver/")) return undefined;
  // Both ends of one protocol share its words; the driver itself stays behind the registry.
  if (file.path.startsWith(`lib/compat/${kind}/`) && target !== `lib/drivers/${kind}/driver.ts`) return undefined;
  return "concrete drivers are named in lib/drivers/registry.ts only";
}

function placeProblem(file: SourceFile, target: string, isType: boolean): string | undefined {
  const layer = layerOf(file.path)?.name;
  if (target.startsWith("prisma/generated") && !file.path.startsWith("lib/db/") && !(isType && layer === "services"))
    return "Prisma's clients are for lib/db only; services may import the types of rows";
  if (layer === "app" && target.startsWith("lib/db/")) return "pages and routes call services, not the database";
  if (layer === "dns" || layer === "sync") {
    const isForeign = !target.startsWith("lib/") && !target.startsWith("node:");
    if ((target.startsWith("node:") && !PURE_MODULES.has(target)) || isForeign)
      return `${layer} is pure: no I/O, no framework`;
  }
  return undefined;
}

/** Everything that is wrong with one file, as lines for a person. Tests and their helpers may import what they like. */
export function importProblems(file: SourceFile): string[] {
  if (/\.test\.tsx?$|\/testing\//.test(file.path)) return [];
  const problems = file.imports.flatMap(({ target, isType }) =>
    [layerProblem, driverProblem, placeProblem].flatMap((rule) => {
      const problem = rule(file, target, isType);
      return problem === undefined ? [] : [`${file.path}: ${target}: ${problem}`];
    }),
  );
  // Next takes the one thing that lib/server/pages.ts tells it from its own variable.
  if (file.path !== "lib/env.ts" && /\bprocess\.env\b(?!\.__NEXT_PRIVATE_ORIGIN = )/.test(file.text))
    problems.push(`${file.path}: process.env is read in lib/env.ts only`);
  return problems;
}
