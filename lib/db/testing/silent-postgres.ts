import path from "node:path";
import { type FaultyLink, startFaultyLink } from "@/lib/faults/testing/faulty-link";
import { startPostgres } from "./postgres-server";

/** A PostgreSQL whose network may drop everything. */
export interface SilentPostgres {
  readonly url: string;
  readonly link: FaultyLink;
  stop(): Promise<void>;
}

export async function startSilentPostgres(): Promise<SilentPostgres> {
  const server = await startPostgres();
  const { pathname, searchParams } = new URL(server.createDatabase());
  const folder = searchParams.get("host") ?? "";
  const link = await startFaultyLink("127.0.0.1", () => ({ path: path.join(folder, ".s.PGSQL.5432") }));
  return {
    url: `postgresql://zonefleet@127.0.0.1:${link.port}${pathname}`,
    link,
    async stop() {
      await link.close();
      await server.stop();
    },
  };
}
