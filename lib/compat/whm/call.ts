import type { UserActor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import type { WireRequest } from "@/lib/net/exchange";
import type { Runtime } from "@/lib/runtime";
import type { Form } from "./form";

/** The server that answers: its context, and what its nameserver is doing. */
export type WhmServer = Context & Pick<Runtime, "nameserver">;

/** One call that came in over WHM's protocols, authenticated and decoded. */
export interface Call {
  readonly server: WhmServer;
  readonly actor: UserActor;
  readonly form: Form;
  readonly request: WireRequest;
}
