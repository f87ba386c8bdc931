import { X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, watch, writeFileSync } from "node:fs";
import net from "node:net";
import { createSecureContext } from "node:tls";
import { errorMessage } from "@/lib/errors";
import { logger } from "@/lib/logger";
import { certificateFiles } from "@/lib/net/certificate-files";

const log = logger("certificate");

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/**
 * Reads the certificate, or makes a self-signed one at first start: ECDSA P-256, ten years, for the names and addresses the server is known by.
 * Ten years because members pin its key and would have to be told about a new one.
 * @throws Error when the files are there but are not a certificate and its key.
 */
export async function loadCertificate(dataDir: string, hosts: readonly string[]): Promise<Certificate> {
  const files = certificateFiles(dataDir);
  finishMaking(files);
  if (!existsSync(files.cert) && !existsSync(files.key)) await makeSelfSigned(files, hosts);
  return readCertificate(dataDir);
}

/** @throws Error that names the files when they do not fit together. */
export function readCertificate(dataDir: string): Certificate {
  const files = certificateFiles(dataDir);
  try {
    const pair = { cert: readFileSync(files.cert, "utf8"), key: readFileSync(files.key, "utf8") };
    createSecureContext(pair);
    return pair;
  } catch (cause) {
    throw new Error(
      `${files.cert} and ${files.key} are not a certificate and its key in PEM form (${errorMessage(cause)}). Put a matching pair there, or remove both and start again for a self-signed one.`,
      { cause },
    );
  }
}

/** A server that was killed between the two names had written both files: the second one only lacks its name. */
function finishMaking({ cert, key }: ReturnType<typeof certificateFiles>): void {
  if (existsSync(key) && !existsSync(cert) && existsSync(`${cert}.new`)) renameSync(`${cert}.new`, cert);
}

async function makeSelfSigned(files: ReturnType<typeof certificateFiles>, hosts: readonly string[]): Promise<void> {
  const names = [...new Set([...hosts, "localhost", "127.0.0.1", "::1"])].filter((host) => host !== "");
  const notBeforeDate = new Date(Date.now() - 86_400_000);
  const notAfterDate = new Date(notBeforeDate);
  notAfterDate.setFullYear(notAfterDate.getFullYear() + 10);
  // Loaded when it is needed, which is once in a server's life.
  const { generate } = await import("selfsigned");
  const pair = await generate([{ name: "commonName", value: (names[0] ?? "localhost").slice(0, 64) }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notBeforeDate,
    notAfterDate,
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: names.map((host) =>
          net.isIP(host) ? { type: 7 as const, ip: host } : { type: 2 as const, value: host },
        ),
      },
    ],
  });
  mkdirSync(files.folder, { recursive: true, mode: 0o700 });
  // Both are there in full before the first one gets its name.
  writeFileSync(`${files.cert}.new`, pair.cert, { mode: 0o644 });
  writeFileSync(`${files.key}.new`, pair.private, { mode: 0o600 });
  renameSync(`${files.key}.new`, files.key);
  renameSync(`${files.cert}.new`, files.cert);
  log.info("A self-signed certificate was made. Replace it by writing your own files.", {
    ...files,
    hosts: names,
    sha256: new X509Certificate(pair.cert).fingerprint256,
  });
}

/**
 * Calls `use` with the new pair whenever the files changed. A pair that does not fit is logged and the old one stays in use: the two files are rarely
 * written at the same instant.
 * @returns `check` looks at once (SIGHUP), `close` ends watching.
 */
export function watchCertificate(
  dataDir: string,
  current: Certificate,
  use: (pair: Certificate) => void,
): { check(): void; close(): void } {
  let inUse = current;
  let timer: NodeJS.Timeout | undefined;
  const check = () => {
    try {
      const next = readCertificate(dataDir);
      if (next.cert === inUse.cert && next.key === inUse.key) return;
      use(next);
      inUse = next;
      log.info("The certificate was replaced.", { sha256: new X509Certificate(next.cert).fingerprint256 });
    } catch (error) {
      log.error("The new certificate is not used; the one before stays.", { error: errorMessage(error) });
    }
  };
  const watcher = watch(certificateFiles(dataDir).folder, () => {
    clearTimeout(timer);
    timer = setTimeout(check, 500);
  });
  watcher.on("error", (error) => log.warn("The certificate's folder is no longer watched.", { error }));
  return {
    check,
    close() {
      clearTimeout(timer);
      watcher.close();
    },
  };
}
