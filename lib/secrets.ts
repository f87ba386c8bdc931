import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { AppError } from "./errors";

/** The server's key and what is made from it. AES-256-GCM; a sealed text is `v1.` and base64url of nonce, tag and ciphertext. */
export interface Secrets {
  /** @param purpose binds the sealed text to its place: opening it for another purpose fails. */
  seal(plain: string, purpose: string): string;
  /** @throws AppError "unavailable" when the key is another one or the text was changed. */
  open(sealed: string, purpose: string): string;
  /** A key of 32 bytes, hex, for another use such as session cookies. */
  derive(purpose: string): string;
}

/**
 * @param given 64 hex digits from the environment; otherwise `secret.key` (0600) in the data directory is read, or made at first start.
 */
export function loadSecrets(dataDir: string, given?: string): Secrets {
  const file = path.join(dataDir, "secret.key");
  if (!given && !existsSync(file)) {
    // In place in one step: half a key would be refused at every later start.
    writeFileSync(`${file}.new`, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  const hex = given ?? readFileSync(file, "utf8").trim();
  if (!/^[0-9a-f]{64}$/i.test(hex))
    throw new Error(`${file} does not hold 64 hexadecimal digits; restore it from a backup.`);
  return secretsFromKey(Buffer.from(hex, "hex"));
}

/** @param key 32 random bytes. */
export function secretsFromKey(key: Buffer): Secrets {
  const derive = (purpose: string) => Buffer.from(hkdfSync("sha256", key, "", `zonefleet:${purpose}`, 32));
  const sealing = derive("seal");
  return {
    derive: (purpose) => derive(`key:${purpose}`).toString("hex"),
    seal(plain, purpose) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", sealing, nonce).setAAD(Buffer.from(purpose));
      const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
      return `v1.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url")}`;
    },
    open(sealed, purpose) {
      try {
        const bytes = Buffer.from(sealed.replace(/^v1\./, ""), "base64url");
        const decipher = createDecipheriv("aes-256-gcm", sealing, bytes.subarray(0, 12)).setAAD(Buffer.from(purpose));
        decipher.setAuthTag(bytes.subarray(12, 28));
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
      } catch (cause) {
        throw new AppError(
          "unavailable",
          "A stored credential cannot be opened with this server's key. Restore secret.key, or enter the credential again.",
          { cause },
        );
      }
    },
  };
}

/** SHA-256, hex. For random tokens only, never for passwords. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Compares two strings in time that depends on the length of `expected` only. */
export function equalSecret(given: string, expected: string): boolean {
  const a = createHash("sha256").update(given).digest();
  const b = createHash("sha256").update(expected).digest();
  return timingSafeEqual(a, b);
}
