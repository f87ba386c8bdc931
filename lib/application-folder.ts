import { existsSync } from "node:fs";
import path from "node:path";

/**
 * The folder that holds the built pages and the migrations: the nearest one above this file with a `prisma` folder. The same from the sources
 * (lib) and from the bundle (dist), and whatever directory the server was started in.
 */
export function applicationFolder(from: string = import.meta.dirname): string {
  for (let folder = from; folder !== path.dirname(folder); folder = path.dirname(folder))
    if (existsSync(path.join(folder, "prisma", "sqlite", "migrations"))) return folder;
  throw new Error(`${from} is not inside of a complete Zonefleet installation: no folder above it holds prisma/.`);
}
