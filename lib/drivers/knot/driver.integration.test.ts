import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describeDriverConformance } from "@/lib/drivers/conformance";
import { createKnotDriver } from "@/lib/drivers/knot/driver";
import { knotDirectory } from "@/lib/nameserver/knot-directory";
import { createKnotSupervisor } from "@/lib/nameserver/supervisor";
import { freePort } from "@/lib/wire/testing/test-knot";

describeDriverConformance("Knot", async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), "zf-driver-"));
  const listen = [{ address: "127.0.0.1", port: await freePort() }];
  const supervisor = createKnotSupervisor({ dataDir, listen });
  await supervisor.start();
  const { controlSocket, zoneDir, logFile } = knotDirectory(dataDir);
  const driver = createKnotDriver({ controlSocket, zoneDir, logFile, addresses: listen });
  return {
    driver,
    addresses: listen,
    refused: (apex) => [
      { owner: `both.${apex}`, ttl: 60, type: "CNAME", rdata: "www.example.net." },
      { owner: `both.${apex}`, ttl: 60, type: "A", rdata: "192.0.2.1" },
    ],
    async stop() {
      await supervisor.stop();
      await rm(dataDir, { recursive: true });
    },
  };
});
