import type { Context } from "@/lib/context";
import { readSettings } from "@/lib/settings/settings";

/** A server that was set up stays so: the answer yes is remembered a database, the answer no is asked again. */
const known = new WeakSet<object>();

/** Whether root has a password and the server has a name. */
export async function isSetUp(ctx: Pick<Context, "db">): Promise<boolean> {
  if (known.has(ctx.db)) return true;
  const { isSetUp: done } = await readSettings(ctx.db.client, "server");
  if (done) known.add(ctx.db);
  return done;
}
