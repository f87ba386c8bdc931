import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isIPv4 } from "node:net";
import type { Context } from "@/lib/context";
import { publicKeyPin } from "@/lib/drivers/http/certificate";
import { AppError } from "@/lib/errors";
import { certificateFiles } from "@/lib/net/certificate-files";
import { readSettings } from "@/lib/settings/settings";

/** Where other servers call this one. */
export interface OwnEndpoint {
  /** Its main address, an IPv4 one where it has one: WHM looks members up by it. */
  readonly address: string;
  readonly port: number;
  /** SHA-256 of its certificate's public key, base64; null where a proxy shows one that is not known here. */
  readonly pin: string | null;
}

/** @throws AppError "unavailable" that says what has to be set first */
export async function ownEndpoint(ctx: Context): Promise<OwnEndpoint> {
  const { addresses } = await readSettings(ctx.db.client, "server");
  const address = addresses.find((candidate) => isIPv4(candidate)) ?? addresses[0];
  if (address === undefined)
    throw new AppError("unavailable", "This server does not know its own address. Enter it on the page Settings.");
  const { tls, port, publicUrl } = ctx.env;
  const url = publicUrl === undefined ? undefined : new URL(publicUrl);
  if (url ? url.protocol !== "https:" : !tls)
    throw new AppError(
      "unavailable",
      "Members call each other over HTTPS only. Set ZONEFLEET_PUBLIC_URL to the https:// address at which others reach this server.",
    );
  const publicPort = url ? Number(url.port || 443) : port;
  return { address, port: publicPort, pin: tls && publicPort === port ? await ownPin(ctx.env.dataDir) : null };
}

async function ownPin(dataDir: string): Promise<string> {
  return publicKeyPin(new X509Certificate(await readFile(certificateFiles(dataDir).cert)));
}
