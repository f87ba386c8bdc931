import type { z } from "zod";
import type { UserActor } from "@/lib/access/actor";
import { type Runtime, runtime } from "@/lib/runtime";
import type { ActionResult } from "./action-result";
import { requireActor } from "./session";
import { settle } from "./settle";

export interface ActionCall {
  readonly ctx: Runtime;
  readonly actor: UserActor;
}

/**
 * Makes a server action: `export const renameThing = action(schema, (input, { ctx, actor }) => service(ctx, actor, input))` in a "use server"
 * file. The session is checked in the database, then the input by `schema`, then `handler` runs; what it returns or throws comes back as plain
 * data (`ActionResult`). Rights are the service's to check. Next refuses calls from other origins.
 */
export function action<S extends z.ZodType, T>(
  schema: S,
  handler: (input: z.output<S>, call: ActionCall) => Promise<T>,
): (input: z.input<S>) => Promise<ActionResult<T>> {
  return async (input) =>
    settle(async () => {
      const actor = await requireActor();
      return handler(await schema.parseAsync(input), { ctx: runtime(), actor });
    });
}
