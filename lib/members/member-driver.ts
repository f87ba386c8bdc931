import type { Context } from "@/lib/context";
import type { Driver } from "@/lib/drivers/driver";
import type { Transaction } from "@/lib/drivers/http/transaction";
import { createDriver } from "@/lib/drivers/registry";
import { backendOf } from "./backends";
import { recordTransaction } from "./debug-log";
import { dnsRole } from "./dns-role";

/** How a member is reached: of its row, or of a form that was not saved yet. */
export interface MemberConnection {
  readonly backend: string;
  readonly hostname: string;
  /** Numeric, resolved and allowed. */
  readonly address: string;
  readonly port: number;
  readonly username: string;
  readonly token: string;
  readonly pin: string | null;
  readonly role: string;
  readonly debug: boolean;
  /** Debug mode records under it; a member that is not saved yet has none. */
  readonly memberId?: number;
}

/** Who calls: members are told, so that they send nothing back, and a member that turns out to be ourselves is refused. */
export interface OwnIdentity {
  readonly serverId: string;
  readonly hostname: string;
}

/** A driver for one member. The caller closes it. */
export function createMemberDriver(ctx: Context, self: OwnIdentity, connection: MemberConnection): Driver {
  const { hostname, address, port, username, token, pin, role, debug, memberId } = connection;
  const reached = {
    host: hostname,
    address,
    port,
    username,
    token,
    pin,
    ...(debug && memberId !== undefined
      ? { onTransaction: (transaction: Transaction) => recordTransaction(ctx, memberId, transaction) }
      : {}),
  };
  const backend = backendOf(connection.backend).value;
  if (backend !== "whm")
    return createDriver(backend, { ...reached, nameservers: ctx.env.services[backend].nameservers });
  const { serverId, hostname: ownHostname } = self;
  return createDriver(backend, { ...reached, role: dnsRole(role).value, self: { serverId, hostname: ownHostname } });
}
