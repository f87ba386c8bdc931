import { z } from "zod";
import type { SystemActor } from "@/lib/access/actor";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { takeSequence } from "@/lib/db/sequence";
import { AppError } from "@/lib/errors";
import { randomAlphanumeric } from "@/lib/ids";
import { publish } from "@/lib/live/bus";
import { addressesField, hostnameField, nameserversField } from "@/lib/settings/fields";
import { readSettings, writeSettings } from "@/lib/settings/settings";
import { hashPassword, newPassword } from "./password";

export const setupInput = z.object({
  /** Root's. */
  password: newPassword,
  hostname: hostnameField,
  /** The first one is the main address. */
  addresses: addressesField.refine((list) => list.length > 0, "Enter at least one address of this server."),
  kind: z.enum(["web-server", "dns-only"]),
  /** Put into new zones; may be given later in the settings. */
  nameservers: nameserversField.default([]),
});

export type SetupInput = z.input<typeof setupInput>;

const setupActor: SystemActor = { kind: "system", name: "setup" };

/**
 * First start: gives root a password and the server its name, in one transaction. Happens once.
 * @returns root's id and session epoch, to sign root in.
 * @throws ZodError when the input does not fit; AppError "conflict" when the server is set up already.
 */
export async function completeSetup(ctx: Context, input: SetupInput): Promise<{ userId: number; epoch: number }> {
  const { password, nameservers, ...server } = setupInput.parse(input);
  const passwordHash = await hashPassword(password);
  const now = ctx.clock.now();
  const opened = await ctx.db.transaction(async (tx) => {
    // Takes no number, only the lock: of two setups at once the second waits here and then finds the server set up.
    await takeSequence(tx, 0);
    const before = await readSettings(tx, "server");
    if (before.isSetUp)
      throw new AppError("conflict", "This server is set up already. Sign in as root to change its settings.");
    const root = await tx.user.upsert({
      where: { username: "root" },
      create: { username: "root", passwordHash, role: "root", createdAt: BigInt(now) },
      update: { passwordHash, sessionEpoch: { increment: 1 } },
    });
    const serverId = before.serverId || randomAlphanumeric(32);
    await writeSettings(tx, "server", { ...server, serverId, isSetUp: true });
    await writeSettings(tx, "trustedIps", { isEnforced: true });
    if (nameservers.length > 0) await writeSettings(tx, "zones", { ...(await readSettings(tx, "zones")), nameservers });
    await recordAudit(tx, setupActor, {
      at: now,
      action: "server.set-up",
      subject: server.hostname,
      detail: { kind: server.kind },
    });
    return { userId: root.id, epoch: root.sessionEpoch };
  });
  // The nameserver waits for the addresses that were just given.
  publish("nameserver");
  return opened;
}
