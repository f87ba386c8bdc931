import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { applicationFolder } from "@/lib/application-folder";

/** A function, class or constant of a module, as its source has it. */
export interface Declaration {
  /** Path from the application's folder. */
  readonly file: string;
  readonly name: string;
  readonly text: string;
}

interface Module {
  readonly declarations: ReadonlyMap<string, Declaration>;
  /** By the name that they have in this module. */
  readonly imports: ReadonlyMap<string, { readonly file: string; readonly name: string }>;
}

/** Every module of lib that is part of the server. */
export function readModules(): ReadonlyMap<string, Module> {
  const files = readdirSync(path.join(applicationFolder(), "lib"), { recursive: true, encoding: "utf8" })
    .map((file) => path.posix.join("lib", file))
    .filter((file) => file.endsWith(".ts") && !/\.test\.ts$|\/testing\//.test(file));
  return new Map(files.map((file) => [file, readModule(file)]));
}

/** Layout is Biome's: what is declared in a module begins a line, and everything inside of it is indented. */
function readModule(file: string): Module {
  const code = readFileSync(path.join(applicationFolder(), file), "utf8")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/^\s*\/\/.*$/gm, "");
  const declarations = code.split(/^(?=(?:export )?(?:async )?(?:function\*?|const|let|class) )/m).flatMap((text) => {
    const name = /^(?:export )?(?:async )?(?:function\*?|const|let|class) (\w+)/.exec(text)?.[1];
    return name === undefined ? [] : [[name, { file, name, text }] as const];
  });
  return { declarations: new Map(declarations), imports: new Map(importsOf(file, code)) };
}

function* importsOf(file: string, code: string): Generator<[string, { file: string; name: string }]> {
  for (const [, names = "", from = ""] of code.matchAll(/^import \{([^}]*)\} from "([^"]+)"/gm)) {
    const target = from.startsWith("@/") ? from.slice(2) : path.posix.join(path.posix.dirname(file), from);
    for (const part of names.split(",")) {
      const [name = "", as = name] = part.trim().split(" as ");
      yield [as, { file: `${target}.ts`, name }];
    }
  }
}

/** These and everything that they name, and so on. What is only named and never called counts as well. */
export function reachedFrom(modules: ReadonlyMap<string, Module>, first: readonly Declaration[]): Set<Declaration> {
  const reached = new Set(first);
  for (const { file, text } of reached) {
    const { declarations, imports } = modules.get(file) ?? { declarations: new Map(), imports: new Map() };
    for (const word of wordsIn(text)) {
      const from = imports.get(word);
      const found = from ? modules.get(from.file)?.declarations.get(from.name) : declarations.get(word);
      if (found) reached.add(found);
    }
  }
  return reached;
}

/** Names that stand for themselves: no property of something, and no text. */
function wordsIn(text: string): Set<string> {
  const code = text.replace(/"[^"\n]*"/g, "");
  return new Set(code.match(/(?<![.\w$])[A-Za-z_]\w*/g));
}
