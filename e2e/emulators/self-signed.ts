import { createHash, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { generate } from "selfsigned";

/** A self-signed certificate as members have them, with the pin of its key (SHA-256 of the SubjectPublicKeyInfo, base64). */
export async function selfSigned(hosts: readonly string[]): Promise<{ key: string; cert: string; pin: string }> {
  const [first = "localhost"] = hosts;
  const { private: key, cert } = await generate([{ name: "commonName", value: first }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    extensions: [
      {
        name: "subjectAltName",
        altNames: hosts.map((host) =>
          isIP(host) ? { type: 7 as const, ip: host } : { type: 2 as const, value: host },
        ),
      },
    ],
  });
  const spki = new X509Certificate(cert).publicKey.export({ type: "spki", format: "der" });
  return { key, cert, pin: createHash("sha256").update(spki).digest("base64") };
}
