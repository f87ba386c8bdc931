import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { ServerContext } from "@/lib/server/testing/open-context";
import { writeSettings } from "@/lib/settings/settings";
import { hashPassword } from "@/lib/users/password";
import { createZone, editZone } from "@/lib/zones/service";

const FOLDER = path.join(import.meta.dirname, "zones");

export interface DemoZone {
  /** Apex: absolute, lower case, final dot. */
  readonly name: string;
  readonly text: string;
  /** The reseller it belongs to; null: root. */
  readonly owner: string | null;
}

/** The demo's zones: files in zones/ are root's, those in its folders belong to the reseller of the folder's name. */
export function demoZones(): DemoZone[] {
  return readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".zone"))
    .sort()
    .map((file) => ({
      name: `${path.basename(file, ".zone")}.`,
      text: readFileSync(path.join(FOLDER, file), "utf8"),
      owner: file.includes(path.sep) ? path.dirname(file) : null,
    }));
}

/** Makes the resellers, with root's password, and every zone. */
export async function seedDemo(ctx: ServerContext, password: string): Promise<void> {
  const zones = demoZones();
  await ctx.db.transaction((tx) =>
    writeSettings(tx, "zones", { nameservers: ["ns1.example.net.", "ns2.example.net."] }),
  );
  const owners = new Map<string, number>();
  for (const username of new Set(zones.flatMap((zone) => zone.owner ?? []))) {
    const passwordHash = await hashPassword(password);
    const createdAt = BigInt(ctx.clock.now());
    const user = await ctx.db.client.user.create({ data: { username, role: "reseller", passwordHash, createdAt } });
    owners.set(username, user.id);
  }
  for (const { name, text, owner } of zones) {
    const ownerId = owner === null ? ctx.root.userId : owners.get(owner);
    await createZone(ctx, ctx.root, { name, text, ownerId, reason: "The demo's first zones" });
  }
  await moveBakery(ctx);
}

/** A change with a history to look at. */
async function moveBakery(ctx: ServerContext): Promise<void> {
  const name = "bakery.example.";
  const zone = await ctx.db.client.zone.findUniqueOrThrow({ where: { name } });
  const host = (owner: string, rdata: string) => ({ owner: `${owner}.${name}`, type: "A", ttl: 14_400, rdata });
  await editZone(ctx, ctx.root, {
    name,
    baseSeq: Number(zone.changeSeq),
    reason: "The shop opens; webmail moves to the mail server",
    changes: [
      { kind: "add", ...host("shop", "192.0.2.60") },
      { kind: "replace", ...host("webmail", "192.0.2.25"), before: { ttl: 14_400, rdata: "192.0.2.10" } },
    ],
  });
}
