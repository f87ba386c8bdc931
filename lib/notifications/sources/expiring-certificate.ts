import { X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Context } from "@/lib/context";
import { certificateInfo } from "@/lib/drivers/http/certificate";
import { certificateFiles } from "@/lib/net/certificate-files";
import { readSettings } from "@/lib/settings/settings";
import { warnOf } from "../episodes";
import { expiresSoon } from "../expiry";

/** Warns of this server's own certificate; another one in its place ends the warning. Nothing where a proxy speaks TLS, which has its own. */
export async function warnOfCertificate(ctx: Context): Promise<void> {
  const { cert } = certificateFiles(ctx.env.dataDir);
  if (!ctx.env.tls || !existsSync(cert)) return;
  const certificate = new X509Certificate(await readFile(cert));
  const { validFrom, validTo, issuer } = certificateInfo(certificate, undefined);
  const isSelfSigned = certificate.issuer === certificate.subject;
  await ctx.db.transaction(async (tx) => {
    const { hostname } = await readSettings(tx, "server");
    const facts = { hostname, issuer: isSelfSigned ? "itself" : issuer, expiresAt: validTo };
    const notice = {
      event: "certificate-expiring",
      episode: certificate.fingerprint256,
      ownerId: null,
      facts,
    } as const;
    await warnOf(tx, ctx, "certificate-expiring", expiresSoon(ctx.clock.now(), validFrom, validTo) ? [notice] : []);
  }, "notice.certificate");
}
