import type { Context } from "@/lib/context";
import type { TargetStatus } from "@/lib/drivers/driver";
import { resolveMember } from "@/lib/drivers/http/resolve-member";
import { DriverError } from "@/lib/errors";
import { readSettings } from "@/lib/settings/settings";
import { type MemberProblem, memberProblem, problemOf } from "./connection-problem";
import { findDuplicate } from "./duplicate";
import { createMemberDriver } from "./member-driver";
import type { MemberInput } from "./schemas";

/** Everything a connection needs; `token` is the one to use, entered or stored. */
export interface ConnectionRequest extends MemberInput {
  readonly ownerId: number;
  /** The member that is edited: it is not its own duplicate. */
  readonly memberId?: number;
}

export type ConnectionCheck =
  | { readonly ok: true; readonly address: string; readonly status: TargetStatus }
  | { readonly ok: false; readonly problem: MemberProblem };

/** Somebody waits for the answer: name, TLS, version and privilege together. */
const LIMIT_MS = 15_000;

/** A zone that nobody has (RFC 6761 §6.4): asking for it costs nothing and needs the privilege of a cluster member. */
const ABSENT_ZONE = "privilege-check.zonefleet.invalid.";

/**
 * Goes the whole way that the engine will go, and stops at the first thing that is wrong. Sends the token only to a server whose certificate
 * is trusted or pinned. Changes nothing, here or there.
 */
export async function checkConnection(
  ctx: Context,
  request: ConnectionRequest,
  signal: AbortSignal = AbortSignal.timeout(LIMIT_MS),
): Promise<ConnectionCheck> {
  const known = await findDuplicate(ctx.db.client, request);
  if (known) return { ok: false, problem: known };
  try {
    const address = await resolveMember(request.hostname, ctx.env.allowedMemberNetworks);
    const status = await askServer(ctx, request, address, signal);
    const duplicate = await findDuplicate(ctx.db.client, request, status);
    return duplicate ? { ok: false, problem: duplicate } : { ok: true, address, status };
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    if (error.kind === "aborted" && signal.aborted)
      return {
        ok: false,
        problem: memberProblem("timeout", `${request.hostname} did not answer within ${LIMIT_MS / 1_000} seconds.`),
      };
    return { ok: false, problem: problemOf(error, request) };
  }
}

async function askServer(
  ctx: Context,
  request: ConnectionRequest,
  address: string,
  signal: AbortSignal,
): Promise<TargetStatus> {
  const self = await readSettings(ctx.db.client, "server");
  const driver = createMemberDriver(ctx, self, { ...request, address });
  try {
    const status = await driver.status(signal);
    // What cannot be read has asked for the privilege with its status.
    if (driver.capabilities.read.supported) await driver.fetch([ABSENT_ZONE], signal);
    return status;
  } finally {
    await driver.close();
  }
}
