import path from "node:path";

export interface Import {
  /** A path from the root for our own modules, otherwise the name of a package or of Node's module. */
  readonly target: string;
  /** Only types are imported: nothing is left of it at run time. */
  readonly isType: boolean;
}

const STATIC = /(?:^|[;}\s])(?:import|export)\s(type\s)?(?:[^;"'()]*?\sfrom\s*)?["']([^"']+)["']/g;
const DYNAMIC = /\b(?:import|require)\(\s*["']([^"']+)["']\s*\)/g;

/**
 * What a TypeScript file imports, in its order, dynamic imports last.
 * @param file path from the root, for relative imports.
 */
export function readImports(file: string, text: string): Import[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const named = [...code.matchAll(STATIC)].map((match) => ({ name: match[2] ?? "", isType: match[1] !== undefined }));
  const called = [...code.matchAll(DYNAMIC)].map((match) => ({ name: match[1] ?? "", isType: false }));
  return [...named, ...called].map(({ name, isType }) => ({ target: resolve(file, name), isType }));
}

function resolve(file: string, name: string): string {
  if (name.startsWith("@/")) return withEnding(name.slice(2));
  if (name.startsWith(".")) return withEnding(path.posix.join(path.posix.dirname(file), name));
  return name;
}

/** `lib/errors` and `lib/errors.ts` are one file. */
function withEnding(name: string): string {
  return path.posix.extname(name) === "" ? `${name}.ts` : name;
}
