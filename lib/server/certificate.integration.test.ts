import { X509Certificate } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { certificateFiles } from "@/lib/net/certificate-files";
import { loadCertificate, watchCertificate } from "./certificate";

const root = mkdtempSync(path.join(os.tmpdir(), "zonefleet-certificate-"));
afterAll(() => rmSync(root, { recursive: true }));
let count = 0;
const folder = () => path.join(root, String(count++));

describe("the certificate", () => {
  it("is made at first start: P-256, for every name and address, with a private key", async () => {
    const dataDir = folder();
    const made = new X509Certificate(
      (await loadCertificate(dataDir, ["web1.example.net", "192.0.2.1", "2001:db8::1"])).cert,
    );
    expect(made.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
    expect(made.checkHost("web1.example.net")).toBeTruthy();
    expect(made.checkIP("192.0.2.1")).toBeTruthy();
    expect(made.subjectAltName).toContain("2001:DB8:0:0:0:0:0:1");
    expect(new Date(made.validTo).getFullYear() - new Date().getFullYear()).toBeGreaterThanOrEqual(9);
    expect(statSync(certificateFiles(dataDir).key).mode & 0o777).toBe(0o600);
  });

  it("stays the same at the next start, so that members' pins hold", async () => {
    const dataDir = folder();
    const first = await loadCertificate(dataDir, ["web1.example.net"]);
    expect(await loadCertificate(dataDir, ["other.example.net"])).toEqual(first);
  });

  it.each([
    ["the key is half-written", ["key.pem.new"]],
    ["both are written and none has its name", ["cert.pem.new", "key.pem.new"]],
    ["only the key has its name", ["cert.pem.new", "key.pem"]],
  ])("is there after a kill -9 while it was made: %s", async (_, left) => {
    const [dataDir, made] = [folder(), folder()];
    await loadCertificate(made, ["web1.example.net"]);
    mkdirSync(certificateFiles(dataDir).folder, { recursive: true });
    for (const name of left)
      cpSync(
        path.join(certificateFiles(made).folder, name.replace(".new", "")),
        path.join(certificateFiles(dataDir).folder, name),
      );
    const first = await loadCertificate(dataDir, ["web1.example.net"]);
    expect(await loadCertificate(dataDir, [])).toEqual(first);
  });

  it("names the files when key and certificate do not belong together", async () => {
    const [dataDir, other] = [folder(), folder()];
    await loadCertificate(dataDir, ["web1.example.net"]);
    await loadCertificate(other, ["web1.example.net"]);
    cpSync(certificateFiles(other).key, certificateFiles(dataDir).key);
    await expect(loadCertificate(dataDir, [])).rejects.toThrow(certificateFiles(dataDir).cert);
  });

  it("is taken over when the files are replaced, and kept when they are broken", async () => {
    const [dataDir, other] = [folder(), folder()];
    const first = await loadCertificate(dataDir, ["web1.example.net"]);
    const second = await loadCertificate(other, ["web2.example.net"]);
    const use = vi.fn();
    const watching = watchCertificate(dataDir, first, use);
    writeFileSync(certificateFiles(dataDir).cert, "rubbish");
    watching.check();
    expect(use).not.toHaveBeenCalled();
    cpSync(certificateFiles(other).folder, certificateFiles(dataDir).folder, { recursive: true });
    await vi.waitFor(() => expect(use).toHaveBeenCalledWith(second), { timeout: 5_000 });
    watching.close();
  });
});
