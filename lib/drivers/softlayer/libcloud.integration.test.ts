import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SoftlayerEmulator, startSoftlayerEmulator } from "@/e2e/emulators/softlayer/softlayer-emulator";
import { applicationFolder } from "@/lib/application-folder";

const run = promisify(execFile);
const SCRIPT = path.join(applicationFolder(), "e2e/emulators/softlayer/libcloud-client.py");
const KEY = "0123456789abcdef0123456789abcdef";

/** What our driver is tested against must answer an independent client as well: Debian's python3-libcloud. */
describe("the SoftLayer emulator and Apache Libcloud", () => {
  let softlayer: SoftlayerEmulator;
  let folder: string;
  beforeAll(async () => {
    softlayer = await startSoftlayerEmulator();
    folder = mkdtempSync(path.join(tmpdir(), "zonefleet-libcloud-"));
    writeFileSync(path.join(folder, "cert.pem"), softlayer.certificate);
  });
  afterAll(async () => {
    await softlayer.close();
    rmSync(folder, { recursive: true, force: true });
  });

  // Debian's own Python: one of another origin does not have Debian's packages.
  const drive = (key: string) =>
    run("/usr/bin/python3", [SCRIPT, String(softlayer.port), path.join(folder, "cert.pem"), "SL100001", key], {
      timeout: 60_000,
    });

  it("makes, lists, changes and deletes zones and records", async () => {
    const { stdout } = await drive(KEY);
    expect(JSON.parse(stdout)).toEqual({
      "zones at first": [],
      "zone without address": expect.stringContaining("At least one valid 'A' or 'AAAA' resource record"),
      zones: [["libcloud.example", "master"]],
      records: [
        ["@", "A", "192.0.2.1", 900],
        ["@", "MX", "mail.example.net.", 600],
        ["@", "NS", "ns1.softlayer.com.", 86_400],
        ["@", "NS", "ns2.softlayer.com.", 86_400],
        ["@", "SOA", "ns1.softlayer.com.", 86_400],
        ["txt", "TXT", "CHANGED <text>", 700],
        ["www", "A", "192.0.2.2", 600],
      ],
      "after deletion": [],
      "own nameserver": expect.stringContaining("cannot be changed"),
      "zones at last": [],
    });
  });

  it("refuses a wrong key", async () => {
    await expect(drive("f".repeat(32))).rejects.toMatchObject({ stderr: expect.stringContaining("refused: ") });
  });
});
