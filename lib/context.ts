import type { Clock } from "./clock";
import type { Database } from "./db/database";
import type { Env } from "./env";
import type { Secrets } from "./secrets";

/** What services work with; made once at start, by tests one each. */
export interface Context {
  readonly db: Database;
  readonly clock: Clock;
  readonly env: Env;
  readonly secrets: Secrets;
  /**
   * Tells the engine that there is something to do, after a commit. Losing a call costs time, never a change.
   * @param isReceived it came from another server, and so is to be handed on without delay
   */
  readonly wake: (isReceived?: boolean) => void;
}
