import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { readImports } from "./read-imports";
import { importProblems } from "./rules";

const FOLDERS = ["app", "components", "lib"];

/** Checks every source file of the checkout. @returns what is wrong, one line each. */
export function checkImports(root: string): string[] {
  const inFolders = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" }).map((name) =>
      path.posix.join(folder, name),
    ),
  );
  return [...inFolders, "proxy.ts"]
    .filter((file) => /\.tsx?$/.test(file) && existsSync(path.join(root, file)))
    .sort()
    .flatMap((file) => {
      const text = readFileSync(path.join(root, file), "utf8");
      return importProblems({ path: file, text, imports: readImports(file, text) });
    });
}
